"""Which salts were studied in whom, read off the study files; salts that are sold and were not studied keep a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mgdecide.adapters.pictures.canvas import Picture
from mgdecide.adapters.pictures.grids import MapStudy, evidence_map
from mgdecide.domain.salt_table import SALTS
from mgdecide.knowledge.studies import load_studies
from mgdecide.knowledge.study_types import Study

LOW, NOT_LOW = "depression, low magnesium at entry", "depression, not chosen by magnesium"
DIABETES, RESISTANT = "depression with type 2 diabetes", "depression, treatment-resistant"
_FAMILIES = {
    "mania and bipolar disorder": "mania, bipolar disorder",
    "premenstrual syndrome": "premenstrual symptoms",
    "addiction": "addiction",
}
OTHER = "other people"
POPULATIONS = (LOW, NOT_LOW, DIABETES, RESISTANT, *_FAMILIES.values(), OTHER)
_DEPRESSION = "depression", "orotate with a probiotic"
NOT_NAMED = "salt not named or mixed"


def evidence_map_of() -> Picture:
    """The map over every study held that gave magnesium."""
    studies = tuple(found for study in load_studies() if (found := _study(study)) is not None)
    salts = sorted({name for name, _ in _names()} | {study.salt for study in studies} - {NOT_NAMED})
    return evidence_map((*salts, NOT_NAMED), POPULATIONS, studies)


def _study(study: Study) -> MapStudy | None:
    if study.dose is None:
        return None
    sizes = [arm.randomised for arm in study.arms]
    people = sum(size for size in sizes if size is not None) if sizes and None not in sizes else None
    blinded = study.design.blinding in ("double", "triple")
    return MapStudy(study.id, _salt(study.dose.salt), tuple(_populations(study)), blinded, people)


def _salt(told: str) -> str:
    """The salt by its counter-ion; several salts together are no salt of their own."""
    said = told.casefold().replace("bisglycinate", "glycinate")
    if " and " in said or " or " in said:
        return NOT_NAMED
    found = [name for name, word in _names() if re.search(rf"magnesium {word}\b", said)]
    return max(found, key=len, default=NOT_NAMED)


def _names() -> Iterator[tuple[str, str]]:
    """Each counter-ion of the salt table under the name of the picture, and the word a study uses for it."""
    for ion in sorted({salt.counter_ion for salt in SALTS}):
        yield f"magnesium {ion}", ion


def _populations(study: Study) -> Iterator[str]:
    if not any(words in study.family for words in _DEPRESSION):
        yield _FAMILIES.get(study.family, OTHER)
        return
    facts = {fact for each in study.criteria if each.kind == "inclusion" for fact in _facts(each.requires)}
    if "intravenous" in study.family:
        yield RESISTANT
        return
    yield LOW if "serum_magnesium" in facts else NOT_LOW
    if "type_2_diabetes" in facts:
        yield DIABETES


def _facts(requires: object) -> Iterator[str]:
    """The facts a requirement asks for."""
    if isinstance(requires, Mapping):
        fact = requires.get("fact")
        if isinstance(fact, str):
            yield fact
        for each in requires.values():
            yield from _facts(each)
    elif isinstance(requires, list | tuple):
        for each in requires:
            yield from _facts(each)
