"""Laboratory results: which are used, in which unit, of which day, and what is said of those that are not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mgdecide.adapters.fhir import read_fhir
from tests.adapters.fhir.charts import DAY, bundle, codes, concept, labs, magnesium, observation, quantity, read


def test_digits_unit_day_and_source_are_kept() -> None:
    import json

    text = json.dumps(bundle(magnesium("@"))).replace('"@"', "1.480")
    (result,) = labs(read_fhir(text, on=DAY)[0])
    assert (result.shown, result.unit, result.on) == ("1.480", "mg/dL", date(2026, 8, 20))
    assert result.source == "Observation/o19123-9"


@pytest.mark.parametrize(
    ("given", "unit", "said"),
    [
        (quantity(0.8, "mmol/L"), "mmol/L", set()),
        (quantity(1.6, "meq/L"), "mEq/L", set()),
        (quantity(1.6, "mEq/L"), "mEq/L", set()),
        (quantity(800, "umol/L"), "umol/L", set()),
        (quantity(19, "mg/L", unit="milligram per litre"), "mg/L", set()),
        (quantity(1.9, code=None, system=None), "mg/dL", {"MGD-F117"}),
        (quantity(1.9, system=None), "mg/dL", {"MGD-F117"}),
        (quantity(1.9, "mg/dL", code="258797006", system="http://snomed.info/sct"), "mg/dL", {"MGD-F117"}),
        (quantity(1.9, unit="mmol/L"), None, {"MGD-F110"}),
        (quantity(1.9, unit="g/L"), None, {"MGD-F110"}),
        (quantity(1.9, "mEq/L", code="mmol/L"), None, {"MGD-F110"}),
        (quantity(1.9, "Mg/dL"), None, {"MGD-F111"}),
        (quantity(1.9, "furlong"), None, {"MGD-F111"}),
        (quantity(1.9, None, system=None), None, {"MGD-F111"}),
        (quantity(190), None, {"MGD-F114"}),
        (quantity(-1), None, {"MGD-F114"}),
        (quantity("1.9"), None, {"MGD-F115"}),
        (quantity(True), None, {"MGD-F115"}),
        (quantity(float("nan")), None, {"MGD-F115"}),
        (quantity(Decimal("1E-99999")), None, {"MGD-F115"}),
        (quantity(1.9, comparator="~"), None, {"MGD-F115"}),
        ({"unit": "mg/dL"}, None, {"MGD-F109"}),
        ("1.9 mg/dL", None, {"MGD-F103"}),
    ],
)
def test_unit_and_number(given: Any, unit: str | None, said: set[str]) -> None:
    patient, report = read(observation("2601-3" if unit and "mg" not in unit else "19123-9", valueQuantity=given))
    assert [result.unit for result in labs(patient)] == ([unit] if unit else [])
    assert codes(report) == said


def test_text_unit_is_said_beside_the_gate() -> None:
    patient, _ = read(magnesium(valueQuantity=quantity(1.9, code=None, system=None)))
    assert any("not coded in UCUM" in note for note in patient.notes)


@pytest.mark.parametrize(
    ("code", "unit", "mismatch"),
    [("19123-9", "mmol/L", True), ("2601-3", "mg/dL", True), ("2601-3", "meq/L", False), ("19123-9", "mg/L", False)],
)
def test_the_unit_decides_against_the_property_of_the_code(code: str, unit: str, mismatch: bool) -> None:
    patient, report = read(observation(code, 0.9, unit))
    (result,) = labs(patient) or (None,)
    if result is None:  # 0.9 mg/L is no possible magnesium
        assert codes(report) == {"MGD-F114"}
    else:
        assert result.code_mismatch is mismatch
        assert ("MGD-F118" in codes(report)) is mismatch


def test_same_number_in_another_unit_is_no_contradiction() -> None:
    patient, report = read(observation("2823-3", 4.1, valueQuantity=quantity(4.1, "mmol/L", unit="mEq/L")))
    assert labs(patient, "serum_potassium")[0].unit == "mmol/L"
    assert codes(report) == set()


@pytest.mark.parametrize(
    ("member", "value", "shown", "unit"),
    [
        ("valueString", "<0.5 mg/dL", "<0.5", "mg/dL"),
        ("valueString", "1.48 mmol/L", "1.48", "mmol/L"),
        ("valueString", "1,48 mg/dL", None, ""),
        ("valueString", "haemolysed, repeat", None, ""),
        ("valueString", "1.9", None, ""),
        ("valueInteger", 2, None, ""),
        ("valueBoolean", True, None, ""),
    ],
)
def test_values_that_are_not_quantities(member: str, value: object, shown: str | None, unit: str) -> None:
    patient, report = read(magnesium(None, **{member: value}))
    assert [(result.shown, result.unit) for result in labs(patient)] == ([(shown, unit)] if shown else [])
    assert report.lines


def test_comparator_is_kept() -> None:
    assert labs(read(magnesium(valueQuantity=quantity(0.5, comparator="<")))[0])[0].shown == "<0.5"


def test_an_integer_egfr_needs_its_unit() -> None:
    assert not labs(read(observation("98979-8", None, valueInteger=45))[0], "egfr")
    assert labs(read(observation("98979-8", 45, "mL/min/{1.73_m2}"))[0], "egfr")[0].shown == "45"
    assert "MGD-F111" in codes(read(observation("98979-8", 45, "mL/min"))[1])


@pytest.mark.parametrize("status", ["final", "amended", "corrected"])
def test_final_results_are_used(status: str) -> None:
    assert labs(read(magnesium(status=status))[0])


@pytest.mark.parametrize(
    "status", ["preliminary", "registered", "cancelled", "entered-in-error", "unknown", None, "Final"]
)
def test_others_never(status: str | None) -> None:
    patient, report = read(magnesium(status=status))
    assert not patient.labs
    assert codes(report) == {"MGD-F107"}


# --- dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ({"effectiveDateTime": "2026-08-20T23:30:00-05:00"}, date(2026, 8, 20)),
        ({"effectiveDateTime": "2026-08-20T00:10:00+13:00"}, date(2026, 8, 20)),
        ({"effectiveDateTime": None, "effectiveInstant": "2026-08-19T10:00:00Z"}, date(2026, 8, 19)),
        (
            {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-08-17", "end": "2026-08-18"}},
            date(2026, 8, 18),
        ),
        ({"effectiveDateTime": None, "effectivePeriod": {"start": "2026-08-17"}}, date(2026, 8, 17)),
        ({"effectiveDateTime": None, "issued": "2026-08-16T10:00:00.000Z"}, date(2026, 8, 16)),
        ({"effectiveDateTime": "2026-08"}, date(2026, 8, 1)),
        ({"effectiveDateTime": "2026"}, date(2026, 1, 1)),
        ({"effectiveDateTime": None}, None),
    ],
)
def test_the_day_of_a_result(dates: dict[str, Any], day: date | None) -> None:
    patient, _ = read(magnesium(**dates))
    assert labs(patient)[0].on == day


@pytest.mark.parametrize(
    "text", ["2026-02-30", "20260820", "2026-W34-4", "yesterday", "2026-08-20 10:00", 20260820, ""]
)
def test_what_is_no_date_is_refused(text: object) -> None:
    patient, report = read(magnesium(effectiveDateTime=text))
    assert not patient.labs
    assert codes(report) == {"MGD-F103"}


def test_after_the_day_of_assessment_nothing_is_used() -> None:
    patient, report = read(magnesium(on="2026-08-30"), magnesium(2.0, id="x"))
    assert [result.source for result in labs(patient)] == ["Observation/x"]
    assert codes(report) == {"MGD-F108"}


def test_the_newest_day_counts_and_the_rest_is_reported() -> None:
    patient, report = read(
        magnesium(1.2, id="old", on="2026-05-01"),
        magnesium(1.9, id="new"),
        magnesium(2.0, id="undated", effectiveDateTime=None),
    )
    assert [result.source for result in labs(patient)] == ["Observation/new"]
    assert {line.resource for line in report.with_code("MGD-F122")} == {"Observation/old", "Observation/undated"}


def test_all_results_of_the_newest_day_are_kept() -> None:
    patient, _ = read(
        magnesium(1.2, id="a", on="2026-08-20T07:00:00Z"), magnesium(1.9, id="b", on="2026-08-20T19:00:00Z")
    )
    assert [result.shown for result in labs(patient)] == ["1.2", "1.9"]


def test_a_newer_one_that_cannot_be_read_does_not_pass_in_silence() -> None:
    patient, report = read(
        magnesium(1.2, id="old", on="2026-08-01"), magnesium(1.9, id="new", valueQuantity=quantity(1.9, "ell"))
    )
    assert [result.source for result in labs(patient)] == ["Observation/old"]
    assert any("MGD-F111" in note and "2026-08-01" in note for note in patient.notes)
    assert codes(report) == {"MGD-F111"}


# --- intervals, components, samples ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ranges", "low", "high", "left"),
    [
        ([{"low": quantity(1.7), "high": quantity(2.6)}], "1.7", "2.6", False),
        ([{"low": {"value": 1.7}, "high": {"value": 2.6}}], "1.7", "2.6", False),
        ([{"low": quantity(0.7, "mmol/L"), "high": quantity(1.1, "mmol/L")}], None, None, True),
        ([{"low": quantity(2.6), "high": quantity(1.7)}], None, None, True),
        ([{"text": "1.7 to 2.6"}], None, None, True),
        (
            [
                {"low": quantity(1.7), "type": concept("normal", "x")},
                {"low": quantity(1.0), "type": concept("critical", "x")},
            ],
            "1.7",
            None,
            False,
        ),
        ([{"low": quantity(1.7)}, {"low": quantity(1.5)}], None, None, True),
        ([], None, None, False),
    ],
)
def test_the_laboratorys_interval(ranges: list[Any], low: str | None, high: str | None, left: bool) -> None:
    (result,) = labs(read(magnesium(1.9, referenceRange=ranges))[0])
    shown = tuple(None if end is None else f"{end:f}" for end in (result.reference.low, result.reference.high))
    assert (shown, result.interval_not_used) == ((low, high), left)


def test_components_are_read_by_their_own_codes() -> None:
    panel = observation(
        "24320-4",
        component=[
            {"code": concept("19123-9"), "valueQuantity": quantity(1.9)},
            {"code": concept("2823-3"), "valueQuantity": quantity(4.1, "mmol/L")},
            {"code": concept("2951-2"), "valueQuantity": quantity(140, "mmol/L")},
        ],
    )
    patient, report = read(panel)
    assert {result.test for result in patient.labs} == {"serum_magnesium", "serum_potassium"}
    assert codes(report) == {"MGD-F130"}


@pytest.mark.parametrize("code", ["21377-7", "2593-2", "29365-4"])
def test_whole_blood_and_other_fluids_never_get_limits_for_serum(code: str) -> None:
    patient, report = read(observation(code, 1.2))
    assert not patient.labs
    assert codes(report) == {"MGD-F113"}


def test_a_specimen_that_is_urine_speaks_against_a_serum_code() -> None:
    specimen = {"resourceType": "Specimen", "id": "s", "type": concept("122575003", "http://snomed.info/sct")}
    patient, report = read(magnesium(specimen={"reference": "Specimen/s"}), specimen)
    assert not patient.labs
    assert codes(report) == {"MGD-F112"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Specimen slightly hemolyzed", True),
        ("Haemolysis: marked", True),
        ("not hemolysed", False),
        ("No visible haemolysis.", False),
        ("Hemolysis index: 0", False),
        ("fasting", None),
    ],
)
def test_haemolysis_is_read_from_notes(text: str, expected: bool | None) -> None:
    assert labs(read(magnesium(note=[{"text": text}]))[0])[0].haemolysed is expected


def test_haemolysis_is_read_from_a_contained_specimen() -> None:
    inside = {
        "resourceType": "Specimen",
        "id": "s",
        "condition": [concept("HEM", "http://terminology.hl7.org/CodeSystem/v2-0493")],
    }
    assert labs(read(magnesium(contained=[inside], specimen={"reference": "#s"}))[0])[0].haemolysed is True


def test_codes_that_mean_different_tests_are_not_used() -> None:
    both = {"coding": [*concept("19123-9")["coding"], *concept("2823-3")["coding"]]}
    patient, report = read(magnesium(code=both))
    assert not patient.labs
    assert codes(report) == {"MGD-F133"}


def test_a_code_without_a_system_is_nobodys_code() -> None:
    patient, report = read(magnesium(code={"coding": [{"code": "19123-9"}], "text": "Magnesium"}))
    assert not patient.labs
    assert [line.what for line in report.with_code("MGD-F116")] == ["Magnesium"]


def test_no_value_is_reported_with_its_reason() -> None:
    absent = {"coding": [{"code": "not-performed", "display": "Not Performed"}]}
    patient, report = read(magnesium(None, dataAbsentReason=absent))
    assert not patient.labs
    assert [line.detail for line in report.with_code("MGD-F109")] == ["Not Performed"]


# --- body measures and coded answers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "value", "unit", "expected"),
    [
        ("29463-7", 70, "kg", "70"),
        ("29463-7", 154.32, "[lb_av]", "69.998"),
        ("8302-2", 1.7, "m", "170"),
        ("8302-2", 67, "[in_i]", "170.18"),
        ("29463-7", 70, "stone", None),
        ("29463-7", 7000, "kg", None),
    ],
)
def test_weight_and_height(code: str, value: float, unit: str, expected: str | None) -> None:
    patient, _ = read(observation(code, value, unit))
    found = patient.weight_kg if code == "29463-7" else patient.height_cm
    assert found == (None if expected is None else Decimal(expected))


def test_an_old_weight_does_not_speak_of_today() -> None:
    patient, report = read(observation("29463-7", 70, "kg", on="2020-01-01"))
    assert patient.weight_kg is None
    assert codes(report) == {"MGD-F128"}


@pytest.mark.parametrize(
    ("answer", "on", "expected"),
    [
        ("77386006", "2026-06-01", "pregnant"),
        ("60001007", "2026-08-01", "not pregnant"),
        ("LA15173-0", "2026-06-01", "pregnant"),
        ("77386006", "2024-06-01", None),
        ("60001007", "2026-01-01", None),
        ("261665006", "2026-08-01", None),
    ],
)
def test_pregnancy_status(answer: str, on: str, expected: str | None) -> None:
    patient, _ = read(observation("82810-3", on=on, valueCodeableConcept=concept(answer, "x")))
    assert patient.pregnancy == expected


@pytest.mark.parametrize(
    ("answer", "expected"), [("449868002", True), ("8517006", False), ("266919005", False), ("266927001", None)]
)
def test_smoking_status(answer: str, expected: bool | None) -> None:
    assert read(observation("72166-2", valueCodeableConcept=concept(answer, "x")))[0].tobacco is expected
