"""Which facts a question reads, and where a fact's value can make a difference."""

from __future__ import annotations

from functools import lru_cache

from mgdecide.logic.questions import Category, Lab, LabIn, LimitFor, Measure, Node, OwnEdge, UnitEdges, YesNo, walk


@lru_cache(maxsize=4096)
def facts_in(node: Node) -> tuple[str, ...]:
    """Names of the facts below ``node``, each once, in order of first use."""
    found: dict[str, None] = {}
    for part in walk(node):
        match part:
            case YesNo(name) | Measure(name) | Category(name) | Lab(name):
                found.setdefault(name)
            case LabIn(lab) | OwnEdge(lab) | LimitFor(lab) | UnitEdges(lab):
                found.setdefault(lab.name)
            case _:
                pass
    return tuple(found)
