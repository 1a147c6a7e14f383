"""The verdicts of a rulebook as the columns of a cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mgdecide.logic.lower import Behind
from mgdecide.logic.questions import Node, Question, Sorted
from mgdecide.rules import gate, status
from mgdecide.rules.rulebook import Rulebook

GATE = Sorted((("closed", gate.CLOSING),), otherwise="open", undetermined="undecided")


def cohort_outputs(book: Rulebook) -> Mapping[str, Node]:
    """``status``, ``gate``, ``urgent``, then ``finding.<rule>`` for every rule and ``fit.<study>`` for every study."""
    return dict(_outputs(book))


def _outputs(book: Rulebook) -> Iterator[tuple[str, Node]]:
    yield "status", status.STATUS
    yield "gate", GATE
    yield "urgent", gate.ANY_URGENT
    for rule in book.rules:
        yield f"finding.{rule.id}", rule.when
    for study in book.studies:
        yield f"fit.{study.study.id}", Behind(~gate.CLOSING, _fit(study.fits))


def _fit(fits: Question) -> Node:
    return Sorted((("fits", fits),), otherwise="does not fit", undetermined="cannot tell")
