"""What is known of each dose form in the clinic, and what is not allowed to load."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from mgdecide.domain.intervals import as_interval
from mgdecide.domain.safeprint import check
from mgdecide.domain.salts import salts
from mgdecide.errors import InvalidKnowledge
from mgdecide.knowledge.salts import SaltFacts, Strength, read_salt_facts, salt_facts

TEXT = files("mgdecide.knowledge").joinpath("salts.toml").read_text(encoding="utf-8")
FACTS = salt_facts()
STRENGTHS = [(facts.salt.id, strength) for facts in FACTS.values() for strength in facts.strengths]


def register() -> dict[str, dict[str, object]]:
    """Every source of the register, by key."""
    found: dict[str, dict[str, object]] = {}
    for path in files("mgdecide.knowledge").joinpath("sources").iterdir():
        if path.name.endswith(".toml"):
            found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def statements(facts: SaltFacts) -> list[tuple[tuple[str, ...], bool, str]]:
    """Sources, verified mark and words of everything said about one form."""
    said = [facts.bioavailability, facts.laxative, facts.label]
    found = [(each.sources, each.verified, each.note) for each in said]
    found += [(each.sources, each.verified, each.note) for each in (facts.atc, facts.flags) if each]
    return found + [(each.sources, each.verified, each.label) for each in facts.strengths]


def test_every_form_has_facts_and_nothing_else_has() -> None:
    assert list(FACTS) == [salt.id for salt in salts()]


@pytest.mark.parametrize("facts", FACTS.values(), ids=lambda facts: facts.salt.id)
def test_every_statement_has_a_source_of_the_register_and_no_more_trust_than_it(facts: SaltFacts) -> None:
    known = register()
    for sources, verified, _ in statements(facts):
        assert sources
        for source in sources:
            assert source in known
            if verified:
                assert known[source]["verified"] is True, source


@pytest.mark.parametrize("facts", FACTS.values(), ids=lambda facts: facts.salt.id)
def test_every_text_can_be_printed(facts: SaltFacts) -> None:
    texts = [note for _, _, note in statements(facts)] + [facts.products, facts.note]
    assert [check(text) for text in texts if check(text)] == []


@pytest.mark.parametrize(("id", "strength"), STRENGTHS, ids=[f"{id}: {each.label}" for id, each in STRENGTHS])
def test_what_a_label_prints_agrees_with_the_salt_it_states(id: str, strength: Strength) -> None:
    """Labels round; two print less than the anhydrous formula gives: threonate, and pidolate in France."""
    allowed = {"threonate": 0.15, "pidolate": 0.07}.get(id, 0.025)
    computed = as_interval(strength.dose.elemental_mg)
    for printed in strength.printed:
        assert float(printed.elemental_mg) == pytest.approx(float(computed.low), rel=allowed), strength.label


def test_verified_labels_agree_to_the_last_digit_they_print() -> None:
    """Three product texts that print salt and magnesium: 32.8, 121.5 and 97.2 mg."""
    found = {id: each for id, each in STRENGTHS if each.printed and each.verified}
    for id, milligrams in (
        ("orotate_dihydrate", 32.8),
        ("aspartate_dl_tetrahydrate", 121.5),
        ("glycerophosphate", 97.2),
    ):
        assert float(round(as_interval(found[id].dose.elemental_mg).low, 1)) == milligrams
        assert float(found[id].printed[0].elemental_mg) == milligrams


def test_salicylates_are_marked_as_no_source_of_magnesium() -> None:
    for id in ("salicylate", "salicylate_tetrahydrate"):
        flags = FACTS[id].flags
        assert flags is not None
        assert "never_suggest_as_mg_supplement" in flags.names


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ('class = "low"', 'class = "best"', "MGD-K201", "one of low, moderate, unknown, not applicable"),
        ('tendency = "high"', 'tendency = "strong"', "MGD-K201", "one of low"),
        ('states = "mixed"', 'states = "perhaps"', "MGD-K201", "one of salt, elemental, both, mixed"),
        (
            'sources = ["firoz-graber-2001", "schwalfenberg-2017-table-6"]',
            "sources = []",
            "MGD-K201",
            "a list of texts, at least one",
        ),
        (", verified = true }", " }", "MGD-K201", "true or false"),
        ("[salt.oxide]", "[salt.oxyde]", "MGD-K120", "one table for each dose form"),
        ('routes = ["oral"]', 'routes = "oral"', "MGD-K201", "a list of texts, at least one"),
        ('salt_mg = "400"', 'salt_mg = "-400"', "MGD-K120", ""),
        ('salt_mg = "400"', "salt_mg = nan", "MGD-K201", "a text"),
    ],
)
def test_a_fact_without_backing_does_not_load(old: str, new: str, code: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(InvalidKnowledge) as caught:
        read_salt_facts(TEXT.replace(old, new, 1))
    assert code in {problem.code for problem in caught.value.problems}
    assert words in str(caught.value)
