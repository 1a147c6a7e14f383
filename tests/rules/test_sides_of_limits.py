"""To which side each limit itself belongs: every rule compares as the published meaning of the limit says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from mgdecide.knowledge.edition import default_knowledge
from mgdecide.logic.questions import (
    Compare,
    FirstKnown,
    Greatest,
    LabCompare,
    Least,
    Limit,
    LimitFor,
    Node,
    Operator,
    Pick,
)
from mgdecide.rules.rulebook import rulebook

KNOWLEDGE = default_knowledge()
WITH_WHAT_IS_ABOVE = {Operator.LESS, Operator.AT_LEAST}
WITH_WHAT_IS_BELOW = {Operator.MORE, Operator.AT_MOST}
_ABOVE = re.compile(r"^Below|^From this|from this on|below (this|it)\b|^The lower limit|flagged below")
_BELOW = re.compile(r"^Above|(above|than|up to) this|^The upper l")
ENDS = {"The low end.": WITH_WHAT_IS_ABOVE, "The high end.": WITH_WHAT_IS_BELOW}
BETWEEN = {"urine-magnesium-24h.wasting": {Operator.LESS, Operator.MORE}}  # "more than this ...; less ...": neither


def _limits(edge: Node) -> Iterator[str]:
    match edge:
        case LimitFor(_, Limit(id)) | Limit(id):
            yield id
        case Pick(_, then, otherwise):
            yield from (*_limits(then), *_limits(otherwise))
        case FirstKnown(terms) | Least(terms) | Greatest(terms):
            for term in terms:
                yield from _limits(term)
        case _:
            return


def _asked() -> dict[str, set[Operator]]:
    found: dict[str, set[Operator]] = {}
    for node in rulebook(KNOWLEDGE).program.slots:
        if isinstance(node, Compare | LabCompare):
            for id in _limits(node.edge if isinstance(node, LabCompare) else node.right):
                found.setdefault(id, set()).add(node.operator)
    return found


ASKED = _asked()


@pytest.mark.parametrize("id", sorted(ASKED))
def test_a_limit_is_compared_as_its_meaning_says(id: str) -> None:
    meaning = KNOWLEDGE.limits[id].meaning
    if _ABOVE.search(meaning):
        allowed = WITH_WHAT_IS_ABOVE
    elif _BELOW.search(meaning):
        allowed = WITH_WHAT_IS_BELOW
    else:
        allowed = next(side for end, side in ENDS.items() if meaning.endswith(end))
    assert ASKED[id] <= BETWEEN.get(id, allowed), meaning


def test_the_table_is_not_empty() -> None:
    assert len(ASKED) > 100
