"""Every interaction of the clinical dossier is there, with its grade, its hours and where they come from."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from mgdecide.domain.safeprint import check
from mgdecide.errors import InvalidKnowledge
from mgdecide.knowledge.interactions import ACTIONS, Interaction, load_interactions, read_interactions
from mgdecide.knowledge.medicine_class_table import load_medicine_classes
from mgdecide.knowledge.medicines import Recognised, classify

ORAL = {row.id: row for row in load_interactions()}
BY_VEIN = {row.id: row for row in load_interactions("intravenous")}
EVERY = {**ORAL, **BY_VEIN}


def rows_for(medicine: str, *, by_vein: bool = False) -> dict[str, Interaction]:
    found = classify(medicine)
    assert isinstance(found, Recognised), medicine
    return {id: row for id, row in (BY_VEIN if by_vein else ORAL).items() if found.classes.intersection(row.classes)}


# evidence/rules.md section 8, row by row: a medicine, the row's grade, the hours used before and after magnesium
SECTION_8 = [
    ("doxycycline", "tetracyclines", "B", 2, 4),
    ("minocycline", "tetracyclines", "B", 2, 4),
    ("ciprofloxacin", "ciprofloxacin-delafloxacin", "B", 2, 6),
    ("delafloxacin", "ciprofloxacin-delafloxacin", "B", 2, 6),
    ("levofloxacin", "levofloxacin-ofloxacin-norfloxacin", "B", 2, 2),
    ("moxifloxacin", "moxifloxacin", "B", 4, 8),
    ("gemifloxacin", "quinolone-not-listed", "B", 2, 6),
    ("alendronate", "bisphosphonates-oral", "B", 4, 4),
    ("levothyroxine", "thyroid-hormones", "B", 4, 4),
    ("liothyronine", "thyroid-hormones", "B", 4, 4),
    ("dolutegravir", "dolutegravir", "B", 2, 6),
    ("Juluca", "dolutegravir-rilpivirine", "B", 4, 6),
    ("Biktarvy", "bictegravir", "B", 2, 6),
    ("raltegravir", "raltegravir", "A", None, None),
    ("Stribild", "elvitegravir", "B", 2, 2),
    ("cabotegravir", "cabotegravir-oral", "B", 4, 2),
    ("gabapentin", "gabapentin", "B", 2, 2),
    ("mycophenolate mofetil", "mycophenolate", "B", 2, 2),
    ("ferrous sulfate", "iron-oral", "B", 4, 4),
    ("penicillamine", "penicillamine", "B", 4, 4),
    ("trientine", "trientine", "B", 2, 2),
    ("nitrofurantoin", "nitrofurantoin", "B", 4, 4),
    ("hydroxychloroquine", "antimalarials", "B", 4, 4),
    ("quinidine", "quinidine", "B", 4, 4),
    ("rosuvastatin", "rosuvastatin", "B", 2, 4),
    ("eltrombopag", "eltrombopag", "B", 2, 4),
    ("digoxin", "digoxin", "C", 2, 2),
    ("digoxin", "digoxin-low-magnesium", "A", None, None),
    ("calcitriol", "vitamin-d-active", "C", None, None),
    ("paricalcitol", "vitamin-d-active-dialysis", "A", None, None),
    ("cholecalciferol", "vitamin-d", "D", None, None),
    ("sodium polystyrene sulfonate", "polystyrene-sulfonate", "A", None, None),
    ("patiromer", "patiromer", "C", 3, 3),
    ("spironolactone", "potassium-sparing-diuretics", "C", None, None),
    ("amiloride", "potassium-sparing-diuretics-kidney", "C", None, None),
    ("furosemide", "loop-thiazide-diuretics", "C", None, None),
    ("hydrochlorothiazide", "loop-thiazide-diuretics", "C", None, None),
    ("omeprazole", "ppi", "C", None, None),
    ("gentamicin", "aminoglycosides", "C", None, None),
    ("amlodipine", "calcium-channel-blockers-oral", "D", None, None),
    ("citalopram", "citalopram-escitalopram-low-magnesium", "A", None, None),
    ("escitalopram", "citalopram-escitalopram", "C", None, None),
    ("amitriptyline", "qt-other", "C", None, None),
    ("haloperidol", "qt-other", "C", None, None),
    ("ziprasidone", "qt-other", "C", None, None),
    ("quetiapine", "qt-other", "C", None, None),
    ("methadone", "qt-other", "C", None, None),
    ("ondansetron", "qt-other", "C", None, None),
    ("erythromycin", "qt-other", "C", None, None),
    ("sertraline", "ssri-tca", "D", None, None),
    ("chlorpromazine", "phenothiazines-sulpiride", "B", 3, 3),
    ("risperidone", "antipsychotics", "D", None, None),
    ("carbamazepine", "carbamazepine-valproate", "D", None, None),
    ("lithium", "lithium", "C", None, None),
    ("ketamine", "ketamine", "D", None, None),
    ("ramipril", "antacid-affected", "D", 2, 4),
    ("fexofenadine", "antacid-affected", "D", 2, 4),
    ("atazanavir", "atazanavir", "B", 2, 1),
    ("erlotinib", "erlotinib", "B", 2, 4),
    ("edetate", "cation-binders", "B", 1, 1),
    ("sodium fluoride", "sodium-fluoride", "B", 3, 3),
    ("nitroxoline", "nitroxoline", "B", 4, 4),
    ("zinc sulfate", "calcium-zinc", "D", 2, 2),
]


@pytest.mark.parametrize(("medicine", "id", "grade", "before", "after"), SECTION_8)
def test_every_row_of_the_dossier(
    medicine: str, id: str, grade: str, before: float | None, after: float | None
) -> None:
    row = rows_for(medicine)[id]
    assert row.grade == grade
    if before is None:
        assert row.separation is None
    else:
        assert row.separation is not None
        assert (row.separation.before, row.separation.after) == (before, after)


@pytest.mark.parametrize(
    ("medicine", "id", "grade"),
    [
        ("gentamicin", "iv-aminoglycosides", "A"),
        ("rocuronium", "iv-neuromuscular-blockers", "A"),
        ("nifedipine", "iv-calcium-channel-blockers", "A"),
        ("morphine", "iv-cns-depressants", "C"),
        ("digoxin", "iv-digoxin", "C"),
    ],
)
def test_rows_of_intravenous_magnesium_are_kept_apart(medicine: str, id: str, grade: str) -> None:
    assert rows_for(medicine, by_vein=True)[id].grade == grade
    assert id not in ORAL


def test_no_row_is_unreached() -> None:
    reached = {id for _, id, *_ in SECTION_8} | {"alcohol", "deferiprone"}
    assert set(ORAL) == reached


# --- contract: what a grade means ----------------------------------------------------------------------------


@pytest.mark.parametrize("row", EVERY.values(), ids=EVERY)
def test_grade_action_and_severity_belong_together(row: Interaction) -> None:
    assert row.action in ACTIONS[row.grade]
    expected = {"A": {"critical"}, "B": {"warning"}, "C": {"info", "warning"}, "D": {"info"}}
    assert row.severity in expected[row.grade]


def test_potassium_sparing_diuretics_are_a_warning_below_an_egfr_of_60() -> None:
    row = ORAL["potassium-sparing-diuretics-kidney"]
    assert (row.severity, row.only_if) == ("warning", {"fact": "egfr", "less_than": 60})


@pytest.mark.parametrize(
    ("id", "condition"),
    [
        ("vitamin-d-active-dialysis", {"fact": "dialysis", "is": True}),
        ("digoxin-low-magnesium", {"fact": "serum_magnesium_below_lln", "is": True}),
        ("citalopram-escitalopram-low-magnesium", {"fact": "serum_magnesium_below_lln", "is": True}),
    ],
)
def test_what_is_critical_only_sometimes_says_when(id: str, condition: dict[str, object]) -> None:
    assert ORAL[id].severity == "critical"
    assert ORAL[id].only_if == condition


# --- hours have sources --------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row in EVERY.values() if row.separation], ids=lambda row: row.id)
def test_hours_are_stated_by_a_source_or_said_to_be_stated_by_none(row: Interaction) -> None:
    assert row.separation is not None
    stated = row.separation.statements
    assert all(each.source in row.sources for each in stated)
    for side, used in (("before", row.separation.before), ("after", row.separation.after)):
        spans = [span for each in stated if (span := getattr(each, side)) is not None]
        if not spans:
            assert "no source" in row.separation.why
        else:
            assert any(low <= used <= high for low, high in spans), side
    assert row.separation.widest_before >= row.separation.before
    assert row.separation.widest_after >= row.separation.after


@pytest.mark.parametrize(
    ("id", "before", "after", "differ"),
    [
        ("tetracyclines", 3, 4, True),
        ("bisphosphonates-oral", 4, 4, True),
        ("cabotegravir-oral", 4, 4, True),
        ("eltrombopag", 4, 4, True),
        ("moxifloxacin", 4, 8, False),
        ("gabapentin", 2, 2, False),
    ],
)
def test_the_day_plan_takes_the_widest_hours_and_shows_the_disagreement(
    id: str, before: float, after: float, differ: bool
) -> None:
    separation = ORAL[id].separation
    assert separation is not None
    assert (separation.widest_before, separation.widest_after) == (before, after)
    assert separation.sources_differ == differ
    assert ("Sources differ" in ORAL[id].text) == differ


def test_a_statement_reads_as_a_person_would_say_it() -> None:
    assert "at least 4 hours before or 8 hours after magnesium" in ORAL["moxifloxacin"].text
    assert "at least 4 hours apart from magnesium" in ORAL["bisphosphonates-oral"].text
    assert "3 to 4 hours apart; 2 hours apart; half an hour before magnesium" in ORAL["bisphosphonates-oral"].text


def test_details_carry_every_statement_to_the_output() -> None:
    details = dict(ORAL["bisphosphonates-oral"].details)
    separation = details["separation"]
    assert isinstance(separation, dict)
    assert separation["widest"] == {"before_hours": 4.0, "after_hours": 4.0}
    assert [each["source"] for each in separation["statements"]] == [
        "magnaspartate-smpc",
        "ods-spacing-summary",
        "alendronate-label",
    ]


# --- words and sources ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", EVERY.values(), ids=EVERY)
def test_texts_are_safe_to_print_and_name_the_medicine(row: Interaction) -> None:
    for text in (row.text, row.mechanism, row.name):
        assert check(text) == ()
    assert row.text.replace("{medicine}", "").count("{") == 0
    assert "{medicine}" in row.text or not row.classes


def _register() -> dict[str, dict[str, object]]:
    folder = files("mgdecide.knowledge").joinpath("sources")
    found: dict[str, dict[str, object]] = {}
    for path in folder.iterdir():
        if path.name.endswith(".toml"):
            found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def _studies() -> set[str]:
    folder = files("mgdecide.knowledge").joinpath("studies")
    return {path.name.removesuffix(".toml") for path in folder.iterdir()}


def test_every_source_is_in_the_register_or_is_a_study() -> None:
    keys = {source for row in EVERY.values() for source in row.sources}
    keys |= {source for one in load_medicine_classes().classes.values() for source in one.sources}
    assert keys - set(_register()) - _studies() == set()


def test_a_verified_source_has_an_address_or_says_why_not() -> None:
    own = tomllib.loads(files("mgdecide.knowledge").joinpath("sources", "medicines.toml").read_text(encoding="utf-8"))
    for key, source in own.items():
        assert set(source) == {"citation", "address", "verified", "read"}, key
        assert source["address"] or key in {"quinolone-rule-table", "public-code-index"}, key


HEAD = """
edition = "1"
reviewed = "2026-11"
[[interaction]]
id = "x"
name = "x"
mechanism = "m"
direction = "d"
text = "t"
"""
PPI = 'classes = ["ppi"]'
SOURCE = 'sources = ["s"]'
USED = 'used = { before = 2, after = 2, why = "w" }'
STATED = 'separation = [{ before = 2, source = "s" }]'


@pytest.mark.parametrize(
    "lines",
    [
        [PPI, 'grade = "C"'],  # no source
        [PPI, 'grade = "E"', SOURCE],
        ['classes = ["no_such_class"]', 'grade = "C"', SOURCE],
        [PPI, 'grade = "B"', SOURCE],  # to separate, by no hours
        [PPI, 'grade = "B"', SOURCE, "separation = [{ before = 2 }]", USED],  # hours without a source
        [PPI, 'grade = "B"', SOURCE, 'separation = [{ source = "s" }]', USED],
        [PPI, 'grade = "B"', SOURCE, STATED],
        [PPI, 'grade = "B"', SOURCE, STATED, "used = { before = 2, after = 2 }"],
        [PPI, 'grade = "B"', SOURCE, 'separation = [{ before = 30, source = "s" }]', USED],
        [PPI, 'grade = "A"', 'action = "none"', SOURCE],
        ["classes = []", 'grade = "C"', SOURCE],
    ],
)
def test_a_row_that_says_too_little_does_not_load(lines: list[str]) -> None:
    with pytest.raises(InvalidKnowledge):
        read_interactions(HEAD + "\n".join(lines))


def test_a_whole_row_loads() -> None:
    (row,) = read_interactions(HEAD + "\n".join([PPI, 'grade = "B"', SOURCE, STATED, USED]))
    assert (row.action, row.severity, row.route) == ("separate", "warning", "oral")
