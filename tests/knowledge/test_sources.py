"""No number and no sentence without a source that can be looked up."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest

from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.source_register import source_register
from mgdecide.knowledge.status_words import status_words
from mgdecide.knowledge.studies import study_ids

KNOWLEDGE = default_knowledge()
KNOWN = set(source_register()) | set(study_ids())


def _cited() -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in KNOWLEDGE.rule_entries.values():
        yield f"rule {entry.id}", entry.sources
    for limit in KNOWLEDGE.limits.values():
        yield f"limit {limit.id}", limit.sources
    for coefficient in KNOWLEDGE.coefficients.values():
        yield f"coefficient {coefficient.id}", coefficient.sources
    for row in KNOWLEDGE.interactions:
        yield f"interaction {row.id}", row.sources
        if row.separation is not None:
            yield f"separation of {row.id}", tuple(each.source for each in row.separation.statements)
    for name, word in status_words().categories.items():
        yield f"status {name}", word.sources


CITED = sorted(_cited())


@pytest.mark.parametrize(("what", "keys"), CITED, ids=[what for what, _ in CITED])
def test_every_source_is_in_the_register(what: str, keys: tuple[str, ...]) -> None:
    assert keys
    assert not [key for key in keys if key not in KNOWN]


HOUSE = {"mgdecide-policy", "mgdecide-arithmetic", "professional-knowledge", "site-overlay"}
"""Rules of this house, what was only remembered, and what a site set: there is no page to read."""


def test_every_source_says_where_it_was_read_or_that_it_was_not() -> None:
    for source in source_register().values():
        assert source.citation
        assert source.address or not source.verified or source.key in HOUSE, source.key


def test_no_key_stands_in_two_files() -> None:
    folder = files("mgdecide.knowledge").joinpath("sources")
    keys = [
        key
        for path in folder.iterdir()
        if path.name.endswith(".toml")
        for key in tomllib.loads(path.read_text(encoding="utf-8"))
    ]
    assert len(keys) == len(set(keys))
