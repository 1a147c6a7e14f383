"""From every sentence to its rule and source, from every source to what rests on it and to the tests that hold it."""

from __future__ import annotations

import re
from functools import cache
from inspect import getsource

import pytest

from docs.evidence_pages import body_sentence
from docs.markdown import NOTE, anchor, prose
from mgdecide.adapters.record import models
from mgdecide.evidence.grade_words import NO_STUDY, Certainty, check_wording
from mgdecide.knowledge.catalogue import catalogue
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.rule_entries import load_rule_entries
from mgdecide.knowledge.source_register import source_register
from mgdecide.knowledge.studies import load_studies, study_ids
from mgdecide.logic.words import leaves, phrase
from mgdecide.rules.vocabulary import Words
from tests.safety.written import ROOT, pages


@cache
def written() -> dict[str, str]:
    return pages.pages()


def test_every_generated_page_is_current() -> None:
    assert pages.stale() == [], "run make pages"


@pytest.mark.parametrize("name", ["record", "rules", "facts", "studies", "bodies", "errors", "laws", "sources"])
def test_a_page_says_what_it_is_written_from(name: str) -> None:
    assert written()[f"generated/{name}.md"].startswith(NOTE)


# --- forth: no sentence without a source ----------------------------------------------------------------------------


def _is_known(source: str) -> bool:
    return source in source_register() or source in study_ids() or source.startswith(("https://", "http://", "doi:"))


def test_every_sentence_has_a_source() -> None:
    """A sentence of the output is the text of a rule, of a body, of a status or of a study."""
    known = default_knowledge()
    for rule in pages._all_rules():
        assert rule.sources, rule.id
        assert all(_is_known(source) for source in rule.sources), rule.id
    for id, entry in load_rule_entries().items():
        assert entry.sources, id
    for body in known.bodies:
        assert body.references, body.id
    for category, word in known.status_words.items():
        assert word.sources, category
        assert all(_is_known(source) for source in word.sources), category
    for study in load_studies():
        assert study.references, study.id


def test_every_published_rule_stands_on_the_page_with_its_sentence_and_sources() -> None:
    page = written()["generated/rules.md"]
    for rule in pages._all_rules():
        part = page.partition(f"\n## {rule.id}\n")[2].partition("\n## ")[0]
        assert prose(rule.entry.text) in part
        for source in rule.sources:
            assert source in part.partition("**Sources**")[2], f"{rule.id}: {source}"


def test_the_sentence_of_a_body_is_no_stronger_than_its_certainty() -> None:
    page = written()["generated/bodies.md"]
    for body in default_knowledge().bodies:
        sentence = body_sentence(body)
        assert sentence == NO_STUDY or not check_wording(sentence, Certainty(body.certainty))
        assert prose(sentence) in page


# --- back: no source without a use ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(source_register()))
def test_every_source_is_used_and_held_by_a_test(key: str) -> None:
    assert pages.uses()[key], f"{key} is in the register and nothing rests on it"
    tests = pages.tests_of(key)
    assert tests, f"nothing tests what rests on {key}"
    assert all((ROOT / test).exists() for test in tests)


def test_every_source_of_a_rule_points_back_to_it() -> None:
    page = written()["generated/sources.md"]
    for rule in pages._all_rules():
        for source in rule.sources:
            if source in source_register():
                part = page.partition(f"\n## {source}\n")[2].partition("\n## ")[0]
                assert f"[{rule.id}]" in part, f"{source} does not name {rule.id}"


def test_every_study_is_on_the_page_with_the_bodies_it_is_in() -> None:
    page = written()["generated/studies.md"]
    for body in default_knowledge().bodies:
        for member in body.members:
            part = page.partition(f"\n## {member.study}\n")[2].partition("\n## ")[0]
            assert f"[{body.id}]" in part


def test_links_between_the_pages_lead_to_a_heading() -> None:
    for name, text in written().items():
        if not name.endswith(".md"):
            continue
        for page, place in re.findall(r"\]\((\w+)\.md#([^)]+)\)", text):
            headings = {anchor(each) for each in re.findall(r"^## (.+)$", written()[f"generated/{page}.md"], re.M)}
            assert place in headings, f"{name} links to {page}.md#{place}"


def test_a_condition_on_the_page_says_all_that_its_phrase_says() -> None:
    """A long condition is told part by part; no comparison of it is lost on the way."""
    page, words = written()["generated/rules.md"], Words(default_knowledge())
    shared = page.partition("## Conditions that many rules share")[2]
    for rule in pages._all_rules():
        part = page.partition(f"\n## {rule.id}\n")[2].partition("\n## ")[0].partition("**When**")[2]
        whole = phrase(rule.when, words)
        told = [phrase(leaf, words) for leaf in leaves(rule.when) if phrase(leaf, words) in whole]
        assert told or not tuple(leaves(rule.when))
        assert [each for each in told if prose(each) not in part + shared] == [], rule.id


def test_the_record_page_names_every_key() -> None:
    keys = re.findall(r"^    ([a-z_]+): ", getsource(models), re.M)
    keys += [fact.name for group in ("conditions", "presenting") for fact in catalogue().group(group)]
    assert len(keys) > 100
    assert [key for key in keys if f"| `{key}` |" not in written()["generated/record.md"]] == []
