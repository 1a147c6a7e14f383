"""What codes mean: the dossier's rows, look-alikes, units, and that nothing unknown is guessed."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.codes import (
    answer_points,
    icd10,
    icd10_prefixes,
    loinc,
    loinc_codes,
    misread_unit,
    snomed,
    snomed_codes,
    ucum_code,
    unit,
)

# evidence/codes.yaml; the fact of the catalogue and the use
LOINC = [
    ("19123-9", "serum_magnesium", "accept", "mass"),
    ("2601-3", "serum_magnesium", "accept", "molar"),
    ("26746-8", "rbc_magnesium", "accept", "mass"),
    ("73573-8", "ionized_magnesium", "accept", "molar"),
    ("19124-7", "urine_magnesium", "accept", "mass"),
    ("24447-5", "urine_magnesium_24h", "accept", "mass per time"),
    ("2599-9", "urine_magnesium_24h", "accept", "molar per time"),
    ("2160-0", "serum_creatinine", "accept", "mass"),
    ("14682-9", "serum_creatinine", "accept", "molar"),
    ("98979-8", "egfr", "accept", ""),
    ("62238-1", "egfr", "accept_with_warning", ""),
    ("88293-6", "egfr", "accept_with_warning", ""),
    ("1751-7", "albumin", "accept", "mass"),
    ("17861-6", "serum_calcium", "accept", "mass"),
    ("2823-3", "serum_potassium", "accept", "molar"),
    ("5763-8", "zinc", "accept", "mass"),
    ("2276-4", "ferritin", "accept", "mass"),
    ("4548-4", "hba1c", "accept", ""),
    ("8636-3", "qtc", "accept", ""),
    ("44261-6", "phq9_total", "accept", ""),
    ("44260-8", "phq9_item_9", "accept", ""),
    ("70274-6", "gad7", "accept", ""),
    ("89209-1", "bdi2_total", "accept", ""),
    ("99046-5", "epds_total", "accept", ""),
]


@pytest.mark.parametrize(("code", "fact", "use", "what"), LOINC)
def test_loinc_codes_of_the_dossier(code: str, fact: str, use: str, what: str) -> None:
    found = loinc(code)
    assert found is not None
    assert (found.fact, found.use, found.property) == (fact, use, what)


@pytest.mark.parametrize(
    "code",
    [  # section 10: never serum magnesium, and never the BDI-II
        "29365-4",
        "20872-8",
        "74696-6",
        "27210-4",
        "87470-1",
        "2593-2",
        "21377-7",
        "89208-3",
        "89204-2",
    ],
)
def test_look_alikes_are_rejected(code: str) -> None:
    found = loinc(code)
    assert found is not None
    assert found.use == "reject"


def test_a_molar_code_with_a_mass_unit_is_a_disagreement() -> None:
    molar = loinc("2601-3")
    assert molar is not None
    assert not molar.agrees_with("mg/dL")
    assert molar.agrees_with("mEq/L")


def test_a_coded_answer_has_points() -> None:
    assert [answer_points(code) for code in ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9", "LA1-1")] == [
        0,
        1,
        2,
        3,
        None,
    ]


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("370143000", {"major_depressive_disorder", "depressive_disorder"}),
        ("35489007", {"depressive_disorder"}),  # a depressive disorder is not always a major one
        ("1153570009", {"treatment_resistant_depression", "depressive_disorder"}),
        ("44054006", {"type_2_diabetes"}),
        ("27885002", {"heart_block", "mobitz_ii_or_third_degree_av_block"}),
        ("54016002", {"heart_block"}),
        ("195042002", {"heart_block"}),  # second degree, type not said
        ("91637004", {"myasthenia_gravis"}),
        ("56989000", {"lambert_eaton"}),
        ("707756004", {"gitelman_syndrome"}),
        ("709044004", {"chronic_kidney_disease"}),
        ("433146000", {"chronic_kidney_disease", "chronic_kidney_disease_stage_4_or_5"}),
        ("13746004", {"bipolar_disorder"}),
        ("58214004", {"schizophrenia", "psychosis"}),
        ("81060008", {"bowel_obstruction"}),
        ("7200002", {"alcohol_use_disorder", "substance_use_disorder"}),
        ("31722008", {"ventricular_arrhythmia", "arrhythmia"}),
        ("190855004", set()),  # known, and the laboratory value decides
        ("46635009", set()),  # type 1 diabetes
    ],
)
def test_snomed_codes(code: str, facts: set[str]) -> None:
    found = snomed(code)
    assert found is not None
    assert set(found.facts) == facts


@pytest.mark.parametrize(
    ("code", "facts", "use"),
    [
        ("F32.1", {"major_depressive_disorder", "depressive_disorder"}, "active"),
        ("F32.A", {"depressive_disorder"}, "active"),
        ("F32.5", set(), "past"),
        ("F33.2", {"major_depressive_disorder", "recurrent_depressive_disorder", "depressive_disorder"}, "active"),
        ("F3281", {"premenstrual_syndrome"}, "active"),
        ("E11.65", {"type_2_diabetes"}, "active"),
        ("e119", {"type_2_diabetes"}, "active"),
        ("E10.9", set(), "none"),
        ("N18.30", {"chronic_kidney_disease"}, "active"),
        ("N18.6", {"chronic_kidney_disease", "chronic_kidney_disease_stage_4_or_5"}, "active"),
        ("Z99.2", {"dialysis"}, "active"),
        ("I44.0", {"heart_block"}, "active"),
        ("I44.2", {"heart_block", "mobitz_ii_or_third_degree_av_block"}, "active"),
        ("I44.7", {"heart_block"}, "check"),  # left bundle-branch block is no AV block
        ("G70.00", {"myasthenia_gravis"}, "active"),
        ("G70.80", {"lambert_eaton"}, "active"),
        ("F10.20", {"alcohol_use_disorder", "substance_use_disorder"}, "active"),
        ("F10.21", set(), "past"),
        ("F15.20", {"substance_use_disorder"}, "check"),  # may be caffeine
        ("K90.0", {"coeliac_disease"}, "active"),
        ("Z98.84", {"bariatric_surgery"}, "active"),
        ("E26.81", set(), "none"),  # Bartter, not hyperaldosteronism by itself
        ("E66.3", set(), "none"),  # overweight
        ("O09.90", {"pregnancy"}, "active"),
        ("E83.42", set(), "none"),
    ],
)
def test_icd_codes_by_their_longest_prefix(code: str, facts: set[str], use: str) -> None:
    found = icd10(code)
    assert found is not None
    assert (set(found.facts), found.use) == (facts, use)


def test_what_is_not_in_a_table_is_not_recognised() -> None:
    assert icd10("A00.0") is None
    assert icd10("") is None
    assert icd10("F") is None
    assert snomed("38341003x") is None
    assert loinc("19123") is None


def test_every_condition_of_the_catalogue_has_a_code_but_two() -> None:
    conditions = {fact.name for fact in catalogue().group("conditions")}
    coded = {name for one in (*snomed_codes().values(), *icd10_prefixes().values()) for name in one.facts}
    assert conditions - coded == {"planned_surgery", "vegan_diet"}


def test_every_source_of_a_code_is_in_the_register() -> None:
    keys: set[str] = set()
    for path in files("mgdecide.knowledge").joinpath("sources").iterdir():
        if path.name.endswith(".toml"):
            keys |= set(tomllib.loads(path.read_text(encoding="utf-8")))
    assert {one.source for one in loinc_codes().values()} <= keys
    assert {source for one in snomed_codes().values() for source in one.sources} <= keys
    assert {source for one in icd10_prefixes().values() for source in one.sources} <= keys


# --- units ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "given", "expected"),
    [
        ("serum_magnesium", "mg/dL", "mg/dL"),
        ("serum_magnesium", "meq/L", "mEq/L"),
        ("serum_magnesium", "MEQ/L", "mEq/L"),
        ("serum_magnesium", "mval/l", "mEq/L"),
        ("serum_magnesium", "mg%", "mg/dL"),
        ("urine_magnesium_24h", "mg/(24.h)", "mg/24h"),
        ("urine_magnesium_24h", "mg/24hr", "mg/24h"),
        ("urine_magnesium_24h", "mmol/d", "mmol/24h"),
        ("egfr", "mL/min/{1.73_m2}", "mL/min/1.73m2"),
        ("egfr", "mL/min", None),
        ("selenium", "ng/mL", "ug/L"),
        ("urine_magnesium_24h", "mg/24.h", None),  # valid UCUM for something else
        ("zinc", "mg/dL", None),
        ("serum_magnesium", "furlong", None),
        ("no_such_fact", "mg/dL", None),
    ],
)
def test_units_as_charts_write_them(fact: str, given: str, expected: str | None) -> None:
    found = unit(fact, given)
    assert (found.unit if found else None) == expected


def test_a_spelling_that_is_not_ucum_is_taken_with_a_note() -> None:
    exact, loose = unit("serum_magnesium", "meq/L"), unit("serum_magnesium", "mEq/L")
    assert exact is not None
    assert loose is not None
    assert (exact.note, loose.note) == ("", "mEq/L is not UCUM; read as mEq/L")


def test_a_misread_unit_says_why() -> None:
    assert "times hours" in (misread_unit("mg/24.h") or "")
    assert misread_unit("mg/dL") is None


def test_every_unit_of_the_catalogue_can_be_written_in_ucum_and_read_back() -> None:
    for fact in catalogue().kind("lab"):
        for name in fact.units:
            code = ucum_code(name)
            assert code is not None, name
            found = unit(fact.name, code)
            assert found is not None
            assert found.unit == name
            assert found.note == ""


@given(st.text(max_size=12))
def test_any_string_is_answered_or_not_known(text: str) -> None:
    for found in (icd10(text), snomed(text)):
        assert found is None or set(found.facts) <= set(catalogue().facts)
    read = unit("serum_magnesium", text)
    assert read is None or read.unit in catalogue().facts["serum_magnesium"].units
