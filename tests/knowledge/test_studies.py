"""The study files: all of them load, every figure has a source, doses equal the arithmetic, texts stay careful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import attrs
import pytest
from molmass import Formula

from mgdecide.domain import safeprint
from mgdecide.domain.salts import salt_by_id
from mgdecide.errors import InvalidKnowledge
from mgdecide.evidence.forensic import ArmFigures, Check, Contrast, Outcome, check_outcome, run_declared
from mgdecide.evidence.grade_words import Certainty, check_wording
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.conversions import convert_edges
from mgdecide.knowledge.expressions import question_from
from mgdecide.knowledge.reading import KNOWLEDGE
from mgdecide.knowledge.studies import load_regimen_studies, load_studies, load_study, study_ids
from mgdecide.knowledge.study_reading import read_study
from mgdecide.knowledge.study_types import Backing, Criterion, Study, StudyOutcome
from mgdecide.logic.needs import facts_in

DOSSIER = [
    "aagaard-2005", "abbasi-2012", "abiri-2022", "afsharfar-2021", "aldujaili-2019", "bagis-2013", "bambling-2017",
    "barragan-2007", "barragan-2008", "bhudia-2006", "botturi-2020", "boyle-2017", "breus-2024", "camardese-2012",
    "chen-2013", "cheungpasitporn-2015", "chouinard-1990", "cocaine-serum-mg-2009", "conner-2015", "cox-1991",
    "cramps-cochrane", "derom-2013", "desouza-2000", "eby-2006", "eby-2010", "el-baza-2016", "facchinetti-1991",
    "fard-2017", "giannini-2000", "gorska-2021", "gullestad-1992", "hajhashemy-2024", "hausenblas-2024",
    "heiden-1999", "hemamy-2021", "huang-2025", "jacka-2009", "jaripur-2022", "joffe-1996", "khalid-2024",
    "kovacevic-2017", "kozielec-1997", "lee-2020", "levine-1999", "li-2017", "macian-2022", "mahboobi-2022",
    "margolin-2003", "mehdi-2017", "mendelian-randomisation", "moabedi-2023", "moshiri-2024", "murck-2013",
    "naderi-heiden-2005", "nazarinasab-2022", "nct05837104", "nechifor-2004", "nechifor-2018", "noah-2021",
    "other-observational", "pearlstein-steiner-2000", "peripartum-mg-2021", "phelan-2018", "pms-minor",
    "poikolainen-2008", "pouteau-2018", "rajizadeh-2016-screen", "rajizadeh-2017", "rodriguez-moran-2024",
    "rostami-2024", "ruljancic-2013", "ryszewska-2018", "saba-2022", "sajjadi-2022", "sarai-2013", "schuster-2025",
    "starobrat-1997", "strodl-2024", "sultana-2023", "sun-2019", "sun-cohort-2016", "swardfager-2013",
    "tarleton-2015", "tarleton-2017", "tarleton-2019", "vanoni-2021", "veronese-2016", "walker-1998", "walker-htn",
    "wang-2018", "yary-2016", "you-2018", "zinc-supplementation",
]  # fmt: skip

REGIMENS = [
    "abiri-2022", "afsharfar-2021", "bambling-2017", "barragan-2008", "fard-2017", "mahboobi-2022",
    "nazarinasab-2022", "rajizadeh-2017", "rodriguez-moran-2024", "ryszewska-2018", "strodl-2024", "sultana-2023",
    "tarleton-2017",
]  # fmt: skip

STUDIES = load_studies()


def test_every_study_of_the_dossier_is_held() -> None:
    assert len(DOSSIER) == 93
    assert set(DOSSIER) <= set(study_ids())
    assert tuple(study.id for study in STUDIES) == study_ids()


def test_the_regimens_are_oral_and_the_infusion_is_none() -> None:
    assert [study.id for study in load_regimen_studies()] == REGIMENS
    assert all(study.dose is not None and study.dose.route == "oral" for study in load_regimen_studies())
    infusion = load_study("mehdi-2017")
    assert not infusion.is_regimen
    assert infusion.dose is not None
    assert infusion.dose.route == "intravenous"


def test_a_study_that_is_not_held_is_told_with_the_nearest_name() -> None:
    with pytest.raises(InvalidKnowledge, match=r"MGD-K210.*rajizadeh-2017"):
        load_study("rajizadeh-2018")


# --- sources ----------------------------------------------------------------------------------------------


def backings(value: object) -> Iterator[Backing]:
    """Every backing anywhere below a value."""
    if isinstance(value, Backing):
        yield value
    elif attrs.has(type(value)):
        for name in (each.name for each in attrs.fields(type(value))):  # type: ignore[arg-type]  # has() was asked
            yield from backings(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from backings(each)


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
def test_every_figure_has_a_source_a_method_or_a_plain_word_that_it_is_recalled(study: Study) -> None:
    read = [each for each in backings(study) if each.how == "verified" and each.sources]
    derived = [each for each in backings(study) if each.how == "derived"]
    unread = [each for each in study.criteria if not each.backing.sources and each.backing.how == "verified"]
    assert all(each.method for each in derived)
    assert all(set(each.sources) <= study.sources.keys() for each in backings(study))
    assert [each.reason for each in unread] == (["not found"] if not study.criteria_known else [])
    assert read
    assert len(read) + len(derived) + len(unread) == sum(each.how != "recalled" for each in backings(study))
    for source in study.sources.values():
        assert all(address.startswith(("http://", "https://")) for address in source.address)
        assert source.address or source.kind == "not kept"


def test_no_thread_address_and_no_word_of_motives_is_printed() -> None:
    for path in (KNOWLEDGE / "studies").glob("*.toml"):
        text = path.read_text(encoding="utf-8").casefold()
        assert not re.search(r"pubpeer|ae40abd|fraud|fabricat|misconduct|deliberate|dishonest", text), path.name


# --- eligibility ------------------------------------------------------------------------------------------


def criteria() -> list[tuple[str, Criterion]]:
    return [(f"{study.id}: {each.text}", each) for study in STUDIES for each in study.criteria]


@pytest.mark.parametrize(("where", "criterion"), criteria(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_condition_is_over_facts_of_the_catalogue(where: str, criterion: Criterion) -> None:
    units = {fact.name: fact.units for fact in catalogue()}
    for expression in (criterion.requires, criterion.applies_if):
        if expression is not None:
            question = question_from(expression, lambda lab, edges: convert_edges(lab, edges, units[lab]), where)
            assert {catalogue().owner(name) for name in facts_in(question)} <= set(catalogue().facts)
    assert criterion.askable or criterion.reason


def test_an_exclusion_states_what_must_hold() -> None:
    exclusions = [each.text for study in STUDIES for each in study.criteria if each.kind == "exclusion"]
    said = ("No ", "Not ", "Kidney function (GFR) at least", "Willing to ", "Diabetes not ", "Weight at most", "The ex")
    assert [text for text in exclusions if not text.startswith(said)] == []


@pytest.mark.parametrize(
    ("study", "text"),
    [
        ("tarleton-2017", "PHQ-9 from 5 to 19"),
        ("tarleton-2017", "No myasthenia gravis"),
        ("rajizadeh-2017", "BDI-II above 11"),
        ("barragan-2008", "Geriatric depression score (30 items) of at least 11"),
        ("rodriguez-moran-2024", "Long COVID"),
    ],
)
def test_what_the_sources_ask_for_is_there(study: str, text: str) -> None:
    assert text in [each.text for each in load_study(study).criteria]


def test_eligibility_that_could_not_be_read_is_a_requirement_nobody_can_answer() -> None:
    last = load_study("afsharfar-2021").criteria[-1]
    assert last.text == "Eligibility could not be read in a source"
    assert not last.askable
    assert load_study("tarleton-2017").criteria_known


# --- doses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("study", "low", "high"),
    [
        ("rajizadeh-2017", 302, 500),
        ("afsharfar-2021", 302, 500),
        ("tarleton-2017", 239, 248),
        ("barragan-2008", 299, 638),
        ("rodriguez-moran-2024", 155, 332),
        ("sultana-2023", 56, 400),
        ("ryszewska-2018", 120, 120),
        ("fard-2017", 32, 320),
        ("strodl-2024", 105, 116),
        ("mehdi-2017", 394, 394),
    ],
)
def test_elemental_intervals_are_those_of_the_dossier(study: str, low: int, high: int) -> None:
    dose = load_study(study).dose
    assert dose is not None
    assert dose.low is not None
    assert dose.high is not None
    assert dose.low == pytest.approx(low, abs=0.51)
    assert dose.high == pytest.approx(high, abs=0.51)


@pytest.mark.parametrize("study", ["nazarinasab-2022", "bambling-2017", "mahboobi-2022", "abiri-2022"])
def test_a_dose_that_could_not_be_read_has_no_elemental_figure(study: str) -> None:
    dose = load_study(study).dose
    assert dose is not None
    assert (dose.low, dose.high) == (None, None)
    assert load_study(study).not_found


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
def test_a_reading_is_the_salt_times_its_share_of_magnesium(study: Study) -> None:
    for reading in study.dose.readings if study.dose is not None else ():
        share = Fraction(1)
        if reading.form != "elemental":
            formula = Formula(salt_by_id(reading.form).formula)
            share = Fraction(Formula("Mg").mass * formula.composition()["Mg"].count / formula.mass)
        assert float(Fraction(reading.mg) * share) == pytest.approx(float(reading.elemental_mg), rel=4e-4, abs=0.051)


# --- figures ----------------------------------------------------------------------------------------------


def outcome(study: str, id: str) -> StudyOutcome:
    return next(each for each in load_study(study).outcomes if each.id == id)


@pytest.mark.parametrize(
    ("study", "id", "measure", "estimate", "low", "high"),
    [
        ("tarleton-2017", "phq9-week-6", "MD", "-6.0", "-7.9", "-4.2"),
        ("tarleton-2017", "gad7-week-6", "MD", "-4.5", "-6.6", "-2.4"),
        ("rajizadeh-2017", "bdi2-week-8", "MD", "-5.25", "-9.9", "-0.6"),
        ("rajizadeh-2017", "bdi2-week-8", "SMD", "-0.61", "-1.17", "-0.06"),
        ("barragan-2008", "gds-week-12", "MD", "0.5", "-3.0", "4.0"),
        ("rodriguez-moran-2024", "bdi-month-4", "MD", "-12.4", "-16.7", "-8.1"),
        ("rodriguez-moran-2024", "bdi-below-11", "RR", "2.13", "1.23", "3.67"),
        ("mahboobi-2022", "bdi2-week-9", "MD", "-1.71", "-5.2", "1.8"),
    ],
)
def test_comparisons_of_the_dossier(study: str, id: str, measure: str, estimate: str, low: str, high: str) -> None:
    found = [each for each in outcome(study, id).contrasts if each.measure == measure]
    assert [(each.estimate, each.low, each.high) for each in found] == [(estimate, low, high)]


def test_arms_as_printed() -> None:
    rows = {row.arm: row for row in outcome("rajizadeh-2017", "bdi2-week-8").rows}
    assert (rows["magnesium"].change, rows["magnesium"].change_sd, rows["magnesium"].n) == ("-15.65", "8.92", 26)
    assert (rows["placebo"].change, rows["placebo"].change_sd, rows["placebo"].n) == ("-10.40", "7.90", 27)
    barragan = {row.arm: row for row in outcome("barragan-2008", "gds-week-12").rows}
    assert (barragan["magnesium"].endpoint, barragan["imipramine"].endpoint) == ("11.4", "10.9")


@pytest.mark.parametrize(
    ("study", "what", "value", "low", "high"),
    [
        ("moabedi-2023", "SMD", "-0.919", "-1.443", "-0.396"),
        ("tarleton-2015", "risk ratio, low intake, 65 and older", "0.75", "0.56", "0.98"),
        ("sun-2019", "odds ratio, highest against lowest intake", "0.47", "0.34", "0.66"),
        ("yary-2016", "hazard ratio, middle against lowest third", "0.49", "0.25", "0.95"),
        ("cramps-cochrane", "risk ratio, minor adverse events", "1.51", "0.98", "2.33"),
        ("hajhashemy-2024", "risk ratio, highest against lowest", "0.66", "0.57", "0.78"),
        ("margolin-2003", "opiate-positive urines, placebo", "46.4", None, None),
    ],
)
def test_figures_of_the_claims(study: str, what: str, value: str, low: str | None, high: str | None) -> None:
    found = [each for claim in load_study(study).claims for each in claim.figures if each.what == what]
    assert [(each.value, each.low, each.high) for each in found] == [(value, low, high)]


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
def test_groups_outcomes_and_rows_belong_together(study: Study) -> None:
    arms = {arm.id for arm in study.arms}
    for each in study.outcomes:
        assert {row.arm for row in each.rows} <= arms
        for contrast in each.contrasts:
            numbers = [number for number in (contrast.low, contrast.estimate, contrast.high) if number is not None]
            assert numbers == sorted(numbers, key=float)
    assert study.outcomes or study.claims
    assert all(arm.analysed <= arm.randomised for arm in study.arms if arm.analysed and arm.randomised)


# --- checks of printed numbers ------------------------------------------------------------------------------


def forensic(study: Study) -> list[Check]:
    """Every check that the figures of a study allow, and those its file declares."""
    found: list[Check] = []
    for each in study.outcomes:
        read = [one for one in each.contrasts if one.backing.how == "verified" and one.measure != "finding"]
        printed = read[0] if read else None
        low, high = each.scale_range or (None, None)
        entry_low, entry_high = each.entry_range or (None, None)
        rows = tuple(
            ArmFigures(
                row.arm,
                row.n,
                row.baseline,
                row.baseline_sd,
                row.endpoint,
                row.endpoint_sd,
                row.change,
                row.change_sd,
                row.change_p,
            )
            for row in each.rows
        )
        contrast = None
        if printed is not None:
            contrast = Contrast(printed.estimate, printed.low, printed.high, printed.p, printed.measure == "RR")
        found += check_outcome(
            Outcome(
                study.id,
                each.name,
                study.id,
                rows,
                contrast,
                each.whole_scores,
                each.decimals,
                low,
                high,
                entry_low,
                entry_high,
                printed.adjusted if printed else False,
                printed.compares if printed else "endpoint",
            )
        )
    return found + [run_declared(study.id, check) for check in study.checks]


def test_the_studies_with_impossible_figures_are_the_ones_that_carry_flags() -> None:
    impossible = {study.id for study in STUDIES if any(check.verdict == "cannot be" for check in forensic(study))}
    assert {"rajizadeh-2017", "rodriguez-moran-2024", "barragan-2008", "tarleton-2019", "kozielec-1997"} <= impossible
    assert {id for id in impossible if not load_study(id).flags} == set()


# --- words ------------------------------------------------------------------------------------------------


def printed_texts(study: Study) -> Iterator[str]:
    """Every sentence of a study that an output may print."""
    yield study.result
    yield from (text for claim in study.claims for text in (claim.text, claim.caveat))
    for listed in (study.flags, study.statements, study.criteria):
        yield from (each.text for each in listed)
    if study.dose is not None:
        yield from (study.dose.stated, study.dose.salt, study.dose.note, study.dose.with_other)
    if study.comparator is not None:
        yield study.comparator.text
    yield from (text for each in study.outcomes for text in (each.name, each.note))
    yield from (contrast.finding for each in study.outcomes for contrast in each.contrasts)
    if study.risk_of_bias is not None:
        yield study.risk_of_bias.reason


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
def test_no_sentence_says_more_than_very_low_certainty_allows_and_doses_print_safely(study: Study) -> None:
    for text in filter(None, printed_texts(study)):
        assert check_wording(text, Certainty.VERY_LOW) == (), text
        assert safeprint.check(text) == (), text


# --- refusals ---------------------------------------------------------------------------------------------

SOUND = """
id = "trial-2030"
family = "oral magnesium in depression"
role = "evidence"
[citation]
text = "A trial"
source = ["page"]
[sources]
page = { kind = "article", address = ["https://example.org/a"], read = "Abstract." }
[design]
type = "randomised trial"
source = ["page"]
[[criterion]]
kind = "inclusion"
text = "Adult"
requires = { fact = "age_years", at_least = 18 }
source = ["page"]
[[claim]]
text = "Scores were 2.1 points apart."
caveat = "Small."
source = ["page"]
figures = [{ what = "difference", value = "2.1" }]
"""


def test_a_small_sound_file_loads() -> None:
    study = read_study(SOUND, "studies/trial-2030.toml")
    assert study.claims[0].figures[0].value == "2.1"
    assert study.citation.reference == "A trial"


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ('caveat = "Small."\nsource = ["page"]', 'caveat = "Small."', "MGD-K205", "claim[0].source"),
        ('caveat = "Small."\nsource = ["page"]', 'caveat = "Small."\nhow = "derived"', "MGD-K205", "claim[0].method"),
        ('caveat = "Small."\nsource = ["page"]', 'caveat = "Small."\nsource = ["pge"]', "MGD-K205", "claim[0].source"),
        ('caveat = "Small."', "", "MGD-K201", "claim[0].caveat"),
        ('value = "2.1"', "value = 2.1", "MGD-K201", "figures[0].value"),
        ('value = "2.1"', 'value = "2.1", hight = "3"', "MGD-K201", "figures[0].hight"),
        ("requires = { fact", "askable = false\nunused = { fact", "MGD-K201", "criterion[0].reason"),
        ('family = "oral magnesium in depression"', 'family = "magic"', "MGD-K201", "family"),
        ('role = "evidence"', 'role = "regimen"', "MGD-K201", "result"),
        ('address = ["https://example.org/a"], ', "", "MGD-K201", "sources.page.address"),
        ('id = "trial-2030"', 'id = "trial-2031"', "MGD-K201", "id"),
        ("[design]", "[design", "MGD-K209", "studies/trial-2030.toml"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_key(old: str, new: str, code: str, path: str) -> None:
    assert old in SOUND
    with pytest.raises(InvalidKnowledge) as caught:
        read_study(SOUND.replace(old, new), "studies/trial-2030.toml")
    told = [problem for problem in caught.value.problems if problem.code == code and path in problem.path]
    assert told
    assert all("trial-2030" in problem.path for problem in caught.value.problems)


def test_all_mistakes_come_at_once() -> None:
    broken = SOUND.replace('caveat = "Small."\n', "").replace('type = "randomised trial"\n', "")
    with pytest.raises(InvalidKnowledge) as caught:
        read_study(broken, "studies/trial-2030.toml")
    assert len(caught.value.problems) == 2
