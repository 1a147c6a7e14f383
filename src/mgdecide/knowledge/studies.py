"""The study files: the regimens first, because every assessment needs them; the rest only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.reading import nearest
from mgdecide.knowledge.study_reading import read_study
from mgdecide.knowledge.study_types import Study

_REGIMEN = '\nrole = "regimen"\n'
"""How a regimen is told without parsing: TOML is slow to parse, and most files are no regimens."""


@cache
def _texts() -> Mapping[str, str]:
    """The text of every study file by its id, in the order of ids."""
    folder = files("mgdecide.knowledge").joinpath("studies")
    found = {entry.name.removesuffix(".toml"): entry for entry in folder.iterdir() if entry.name.endswith(".toml")}
    return MappingProxyType({id: found[id].read_text(encoding="utf-8") for id in sorted(found)})


def study_ids() -> tuple[str, ...]:
    """The id of every study held, in order; nothing is parsed."""
    return tuple(_texts())


@cache
def load_study(id: str) -> Study:
    """One study by its id.

    Raises:
        InvalidKnowledge: MGD-K210 no such study; the codes of ``read_study``.
    """
    text = _texts().get(id)
    if text is None:
        raise InvalidKnowledge(Problem("MGD-K210", "study", id, "a study that is held" + nearest(id, _texts())))
    return read_study(text, f"studies/{id}.toml")


@cache
def load_regimen_studies() -> tuple[Study, ...]:
    """The studies of oral magnesium tried for depressive symptoms, in the order of ids.

    Raises:
        InvalidKnowledge: the codes of ``read_study``.
    """
    return tuple(load_study(id) for id, text in _texts().items() if _REGIMEN in text)


@cache
def load_studies() -> tuple[Study, ...]:
    """Every study held, in the order of ids; parses every file that was not parsed yet.

    Raises:
        InvalidKnowledge: the codes of ``read_study``.
    """
    return tuple(load_study(id) for id in study_ids())
