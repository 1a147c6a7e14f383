"""The Bundle: one patient, whose resources, which versions, references; and the person."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from mgdecide.adapters.fhir import read_fhir
from mgdecide.errors import InvalidInput, InvalidRecord
from tests.adapters.fhir.charts import DAY, bundle, codes, labs, magnesium, person, read


@pytest.mark.parametrize(
    "given", [{}, [], "[]", "{}", '"x"', "null", {"resourceType": "Patient"}, {"resourceType": ["Bundle"]}, 7]
)
def test_only_a_bundle_is_read(given: Any) -> None:
    with pytest.raises(InvalidRecord) as caught:
        read_fhir(given, on=DAY)
    assert caught.value.code == "MGD-F100"


@pytest.mark.parametrize("entries", [None, [], [{}], [{"response": {"status": "200"}}]])
def test_an_empty_bundle_is_an_unknown_patient(entries: Any) -> None:
    patient, report = read_fhir({"resourceType": "Bundle", "type": "searchset", "entry": entries}, on=DAY)
    assert patient.age_years is None
    assert codes(report) == {"MGD-F102"}


@pytest.mark.parametrize(
    "entry",
    ["x", 5, None, ["a"], {"resource": "x"}, {"resource": None}, {"resource": {}}, {"resource": {"resourceType": 3}}],
)
def test_broken_entries_are_reported_and_the_rest_is_read(entry: Any) -> None:
    whole = bundle(magnesium())
    whole["entry"].insert(1, entry)
    patient, report = read_fhir(whole, on=DAY)
    assert labs(patient)
    assert codes(report) == {"MGD-F103"}


def test_entries_that_are_no_list() -> None:
    assert "MGD-F103" in codes(read_fhir({"resourceType": "Bundle", "entry": {"a": 1}}, on=DAY)[1])


def test_two_patients_are_refused() -> None:
    with pytest.raises(InvalidRecord) as caught:
        read(person(id="other"), magnesium())
    assert caught.value.code == "MGD-F101"
    assert '"me"' in str(caught.value)


def test_two_patients_by_reference_alone_are_refused() -> None:
    with pytest.raises(InvalidRecord, match="MGD-F101"):
        read(magnesium(), magnesium(id="b", subject={"reference": "Patient/other"}), bare=True)


def test_the_same_patient_twice_is_one() -> None:
    assert read(person())[0].age_years == Decimal(54)
    newer = person(gender="male", meta={"lastUpdated": "2026-08-01T00:00:00Z"})
    assert read(newer)[0].sex == "male"


def test_without_a_patient_the_resources_are_of_the_one_they_name() -> None:
    patient, report = read(magnesium(), bare=True)
    assert (patient.id, patient.sex, len(patient.labs)) == ("me", None, 1)
    assert codes(report) == {"MGD-F102"}


@pytest.mark.parametrize(
    ("reference", "own"),
    [
        ("Patient/me", True),
        ("Patient/me/_history/3", True),
        ("urn:x:0", True),
        ("urn:uuid:me", True),
        ("https://ehr.example/fhir/Patient/me", True),
        ("Patient/you", False),
        ("https://ehr.example/fhir/Patient/you", False),
        ("Group/me", False),
        ("urn:uuid:you", False),
    ],
)
def test_whose_a_resource_is(reference: str, own: bool) -> None:
    patient, report = read(magnesium(subject={"reference": reference}))
    assert bool(patient.labs) is own
    assert ("MGD-F106" in codes(report)) is not own


def test_the_same_id_on_another_server_is_another_patient() -> None:
    whole = bundle(magnesium(subject={"reference": "https://b.example/fhir/Patient/me"}))
    whole["entry"][0]["fullUrl"] = "https://a.example/fhir/Patient/me"
    patient, report = read_fhir(whole, on=DAY)
    assert not patient.labs
    assert codes(report) == {"MGD-F106"}


def test_a_reference_by_identifier() -> None:
    mine = person(identifier=[{"system": "urn:mrn", "value": "7"}])
    ours = magnesium(subject={"identifier": {"system": "urn:mrn", "value": "7"}})
    theirs = magnesium(id="b", subject={"identifier": {"system": "urn:mrn", "value": "8"}})
    patient, report = read(ours, theirs, patient=mine)
    assert [result.source for result in patient.labs] == ["Observation/o19123-9"]
    assert codes(report) == {"MGD-F106"}


def test_a_resource_that_names_nobody_is_taken_with_a_word() -> None:
    patient, report = read(magnesium(subject=None))
    assert patient.labs
    assert codes(report) == {"MGD-F105"}


def test_bundles_inside_a_bundle_are_read() -> None:
    inner = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": magnesium()}]}
    assert labs(read(inner)[0])


def test_of_several_versions_the_last_counts() -> None:
    wrong = magnesium(1.2, meta={"lastUpdated": "2026-08-20T08:00:00Z"})
    right = magnesium(1.9, meta={"lastUpdated": "2026-08-21T08:00:00Z"})
    for order in ((wrong, right), (right, wrong)):
        patient, report = read(*order)
        assert [result.shown for result in patient.labs] == ["1.9"]
        assert codes(report) == {"MGD-F104"}


def test_of_two_versions_without_a_date_the_withdrawn_one_counts() -> None:
    for order in (
        (magnesium(), magnesium(status="entered-in-error")),
        (magnesium(status="entered-in-error"), magnesium()),
    ):
        assert not read(*order)[0].labs


def test_a_resource_repeated_word_for_word_is_read_once() -> None:
    patient, report = read(magnesium(), magnesium())
    assert len(patient.labs) == 1
    assert not codes(report)


def test_types_that_are_not_read_are_counted() -> None:
    _, report = read(
        {"resourceType": "Encounter", "id": "e"}, {"resourceType": "Encounter", "id": "f"}, {"resourceType": "Nonsense"}
    )
    assert report.unread == (("Encounter", 2), ("Nonsense", 1))


# --- the person ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("1972-08-29", DAY, 54),
        ("1972-08-30", DAY, 53),
        ("2004-02-29", date(2026, 2, 28), 21),
        ("2004-02-29", date(2026, 3, 1), 22),
        ("1960", DAY, 66),
        ("1960-09", DAY, 65),
        ("2008", DAY, None),
        ("2027-01-01", DAY, None),
        ("1800-01-01", DAY, None),
        ("72-08-29", DAY, None),
        (1972, DAY, None),
        ("1972-08-29", None, None),
    ],
)
def test_age(born: Any, on: date | None, years: int | None) -> None:
    patient, _ = read(patient=person(birthDate=born), on=on)
    assert patient.age_years == (None if years is None else Decimal(years))


@pytest.mark.parametrize(
    ("gender", "sex"),
    [
        ("female", "female"),
        ("male", "male"),
        ("other", "other"),
        ("unknown", None),
        (None, None),
        ("F", None),
        (["female"], None),
    ],
)
def test_sex(gender: Any, sex: str | None) -> None:
    assert read(patient=person(gender=gender))[0].sex == sex


@pytest.mark.parametrize("died", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-01-01"}])
def test_a_death_is_said(died: dict[str, object]) -> None:
    patient, report = read(patient=person(**died))
    assert "MGD-F134" in codes(report)
    assert any("died" in note for note in patient.notes)


def test_no_death_is_said_where_there_is_none() -> None:
    assert "MGD-F134" not in codes(read(patient=person(deceasedBoolean=False))[1])


def test_the_day_must_be_a_date() -> None:
    for given in ("2026-08-29", datetime(2026, 8, 29)):  # noqa: DTZ001  # exactly what must not be given
        with pytest.raises(InvalidInput, match="MGD-R160"):
            read_fhir(bundle(), on=given)  # type: ignore[arg-type]  # exactly what must not be given
