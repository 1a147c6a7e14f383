"""Bodies of evidence: no judgement without a reason, certainty follows from the levels, pools follow from the files."""

from __future__ import annotations

import pytest

from mgdecide.domain import safeprint
from mgdecide.errors import InvalidKnowledge
from mgdecide.evidence.grade_words import Certainty, Direction, Size, check_wording, statement
from mgdecide.evidence.pooling import pool_rows
from mgdecide.evidence.rows import digest_rows
from mgdecide.evidence.stored import agrees
from mgdecide.evidence.study_rows import rows_again, rows_of
from mgdecide.knowledge.bodies import load_bodies, read_body
from mgdecide.knowledge.body_types import Body, certainty_from
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.circulating import claims_about, conflicts_beside, load_claims, load_conflicts, read_claims
from mgdecide.knowledge.conversions import convert_edges
from mgdecide.knowledge.expressions import question_from
from mgdecide.knowledge.reading import KNOWLEDGE
from mgdecide.knowledge.studies import load_regimen_studies, load_study, study_ids
from mgdecide.logic.needs import facts_in

BODIES = {body.id: body for body in load_bodies()}
each_body = pytest.mark.parametrize("body", BODIES.values(), ids=lambda body: body.id)


@pytest.mark.parametrize(
    ("id", "certainty"),
    [
        ("oral-magnesium-depressive-symptoms", "very low"),
        ("oral-magnesium-add-on-to-ssri", "very low"),
        ("oral-magnesium-low-serum-magnesium", "very low"),
        ("iv-magnesium-treatment-resistant-depression", "very low"),
        ("magnesium-orotate-probiotic", "low"),
        ("magnesium-orotate-as-magnesium", "very low"),
        ("dietary-magnesium-depression", "very low"),
        ("oral-magnesium-diarrhoea", "low"),
        ("raising-serum-magnesium", "moderate"),
        ("magnesium-addiction", "very low"),
        ("magnesium-mania", "very low"),
        ("magnesium-premenstrual-symptoms", "very low"),
    ],
)
def test_certainty_of_each_family(id: str, certainty: str) -> None:
    assert BODIES[id].certainty == certainty


@pytest.mark.parametrize(
    ("start", "levels", "certainty"),
    [("high", 0, "high"), ("high", -2, "low"), ("high", -5, "very low"), ("low", 0, "low"), ("low", -1, "very low")],
)
def test_levels_go_down_and_stop_at_very_low(start: str, levels: int, certainty: str) -> None:
    assert certainty_from(start, levels) == certainty


def test_the_published_effect_with_its_people() -> None:
    body = BODIES["oral-magnesium-depressive-symptoms"]
    assert body.effect is not None
    shown = body.effect.measure, body.effect.estimate, body.effect.low, body.effect.high
    assert shown == ("SMD", "-0.92", "-1.44", "-0.40")
    assert (body.studies, body.participants) == (7, 325)
    domains = {each.domain: each.levels for each in body.domains}
    assert domains == {
        "risk_of_bias": -2, "inconsistency": -1, "indirectness": 0, "imprecision": -1, "publication_bias": -1,
    }  # fmt: skip


@each_body
def test_every_judgement_has_reason_author_and_date(body: Body) -> None:
    assert len(body.domains) == 5
    assert all(len(each.reason) > 5 and each.author and each.date for each in body.domains)


@each_body
def test_population_is_over_facts_of_the_catalogue(body: Body) -> None:
    units = {fact.name: fact.units for fact in catalogue()}
    assert body.population_criteria
    for criterion in body.population_criteria:
        question = question_from(criterion.requires, lambda lab, edges: convert_edges(lab, edges, units[lab]), body.id)
        assert {catalogue().owner(name) for name in facts_in(question)} <= set(catalogue().facts)


@each_body
def test_sentences_stay_within_the_certainty(body: Body) -> None:
    certainty = Certainty(body.certainty)
    sentence = statement(
        certainty, Size(body.size), Direction(body.direction), body.intervention_words, body.outcome_words
    )
    texts = [sentence, body.rule, body.certainty_note, body.rows_note, body.population, body.intervention]
    texts += [each.reason for each in body.domains] + [each.why for each in body.members]
    texts += [body.effect.note, body.effect.printed] if body.effect is not None else []
    for text in filter(None, texts):
        assert check_wording(text, certainty) == (), text
        assert safeprint.check(text) == (), text


def test_every_regimen_has_a_body_that_names_it() -> None:
    for study in load_regimen_studies():
        assert study.id in [each.study for each in BODIES[study.body].members]


def test_flagged_studies_are_out_of_the_default_pool_and_in_the_other() -> None:
    for body in BODIES.values():
        default = {row.study for row in body.pool_rows("default")}
        assert default.isdisjoint(body.flagged_out)
        assert {row.study for row in body.pool_rows("with-flagged")} - default <= set(body.flagged_out)
    assert BODIES["oral-magnesium-depressive-symptoms"].flagged_out == ("rajizadeh-2017", "rodriguez-moran-2024")


def test_null_trials_stand_beside_positive_ones() -> None:
    members = {each.study for each in BODIES["oral-magnesium-depressive-symptoms"].members}
    assert {"ryszewska-2018", "fard-2017", "abiri-2022", "mahboobi-2022"} <= members


# --- pools ------------------------------------------------------------------------------------------------


@each_body
def test_rows_follow_from_the_study_files(body: Body) -> None:
    if not body.rows:
        return
    again = rows_again(body.rows, {row.study: load_study(row.study) for row in body.rows})
    for stored, fresh in zip(rows_of(body.rows), again, strict=True):
        assert fresh.yi == pytest.approx(stored.yi, abs=1e-9)
        assert fresh.vi == pytest.approx(stored.vi, abs=1e-9)


@each_body
def test_stored_pools_follow_from_the_rows(body: Body) -> None:
    for stored in body.stored:
        rows = rows_of(body.pool_rows(stored.name))
        assert stored.digest == digest_rows(rows)
        assert agrees(pool_rows(rows), stored.methods)


@pytest.mark.parametrize(
    ("body", "study", "g"),
    [
        ("oral-magnesium-depressive-symptoms", "rajizadeh-2017", -0.61),
        ("oral-magnesium-depressive-symptoms", "rodriguez-moran-2024", -1.47),
        ("oral-magnesium-depressive-symptoms", "afsharfar-2021", -0.78),
        ("oral-magnesium-depressive-symptoms", "mahboobi-2022", -0.27),
        ("oral-magnesium-add-on-to-ssri", "nazarinasab-2022", -0.88),
        ("oral-magnesium-add-on-to-ssri", "sultana-2023", -0.50),
    ],
)
def test_effects_of_the_dossier_are_reproduced(body: str, study: str, g: float) -> None:
    assert [row.yi for row in BODIES[body].rows if row.study == study] == [pytest.approx(g, abs=0.006)]


# --- claims and conflicts ---------------------------------------------------------------------------------


def test_claims_in_circulation_go_back_to_studies_and_carry_caveats() -> None:
    assert len(load_claims()) == 20
    assert all(claim.caveat and set(claim.studies) <= set(study_ids()) for claim in load_claims())
    assert [claim.id for claim in claims_about("tarleton-2017")] == ["chloride-mild-moderate"]
    words = [claim.text for claim in load_claims()] + [claim.said_in for claim in load_claims()]
    assert not any("seed" in text.casefold() for text in words)


def test_conflicts_are_shown_where_they_matter() -> None:
    assert len(load_conflicts()) == 26
    assert all(set(each.bodies) <= BODIES.keys() for each in load_conflicts())
    assert "sultana-dose" in [each.id for each in conflicts_beside("sultana-2023")]
    assert "moabedi-against-phelan" in [each.id for each in conflicts_beside("oral-magnesium-depressive-symptoms")]
    for text in (text for each in load_conflicts() for text in (each.topic, each.detail)):
        assert check_wording(text, Certainty.VERY_LOW) == (), text
        assert safeprint.check(text) == (), text


def test_a_claim_about_a_study_that_is_not_held_is_refused() -> None:
    text = (KNOWLEDGE / "circulating_claims.toml").read_text(encoding="utf-8").replace("yary-2016", "yary-2061", 1)
    with pytest.raises(InvalidKnowledge, match=r"MGD-K205.*yary-2016"):
        read_claims(text, "circulating_claims.toml")


# --- refusals ---------------------------------------------------------------------------------------------

SOUND = (KNOWLEDGE / "bodies" / "iv-magnesium-treatment-resistant-depression.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ('reason = "12 people."', "", "MGD-K201", "domain[3].reason"),
        ('reason = "12 people."', 'reason = " "', "MGD-K201", "domain[3].reason"),
        ('author = "mgdecide editors"', "", "MGD-K201", "domain[0].author"),
        ('date = "2026-11"', "", "MGD-K201", "domain[0].date"),
        ('certainty = "very low"', 'certainty = "low"', "MGD-K207", "certainty"),
        ("levels_down = 2", "levels_down = 1", "MGD-K207", "levels_down"),
        ('domain = "imprecision"', 'domain = "indirectness"', "MGD-K204", "domain"),
        ('study = "mehdi-2017"', 'study = "mehdi-2071"', "MGD-K205", "study[0].study"),
        ('pool = "outside"', 'pool = "somewhere"', "MGD-K201", "pool"),
        ('size = "little or no"', 'size = "huge"', "MGD-K201", "size"),
    ],
)
def test_what_is_wrong_with_a_body_is_told(old: str, new: str, code: str, path: str) -> None:
    assert old in SOUND
    with pytest.raises(InvalidKnowledge) as caught:
        read_body(SOUND.replace(old, new), "bodies/iv-magnesium-treatment-resistant-depression.toml")
    assert [problem for problem in caught.value.problems if problem.code == code and path in problem.path]


def test_an_effect_without_a_source_is_refused() -> None:
    text = (KNOWLEDGE / "bodies" / "oral-magnesium-diarrhoea.toml").read_text(encoding="utf-8")
    with pytest.raises(InvalidKnowledge, match="MGD-K205"):
        read_body(text.replace('source = ["cramps-cochrane"]', ""), "bodies/oral-magnesium-diarrhoea.toml")
