"""Mistakes of shape, told in our own codes and in the caller's words: ``labs[0].unit``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import ValidationError

from mgdecide.adapters.record import models as shapes
from mgdecide.adapters.suggestions import given_words, one_of, safe_text
from mgdecide.errors import Problem

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]

_SHAPES: Mapping[Location, type[shapes.Shape]] = {
    (): shapes.RecordShape,
    ("labs",): shapes.LabShape,
    ("labs", "reference"): shapes.ReferenceShape,
    ("scores",): shapes.ScoreShape,
    ("medications",): shapes.MedicationShape,
    ("magnesium_products",): shapes.ProductShape,
    ("diet",): shapes.DietShape,
    ("substances",): shapes.SubstancesShape,
    ("treatment_history",): shapes.TreatmentShape,
}

_ALIASES: Mapping[Location, Mapping[str, str]] = {
    (): {
        "age": "age_years",
        "gender": "sex",
        "weight": "weight_kg",
        "height": "height_cm",
        "pregnant": "pregnancy",
        "date": "assessed_on",
        "breastfeeding": "lactating",
        "laboratory": "labs",
        "results": "labs",
        "medicines": "medications",
        "drugs": "medications",
        "problems": "conditions",
        "diagnoses": "conditions",
        "symptoms": "presenting",
        "supplements": "magnesium_products",
        "questionnaires": "scores",
        "patient_id": "id",
    },
    ("labs",): {"name": "test", "date": "on", "units": "unit", "result": "value", "hemolysed": "haemolysed",
                "hemolyzed": "haemolysed", "range": "reference", "code": "loinc"},
    ("scores",): {"name": "instrument", "date": "on", "score": "total", "value": "total"},
    ("medications",): {"drug": "name", "medicine": "name", "time": "times", "code": "atc"},
    ("magnesium_products",): {"dose": "amount", "name": "salt", "times_per_day": "per_day"},
}  # fmt: skip
"""Usual other words for a key, only ever suggested."""

# The kinds of mistake pydantic reports over these shapes: our code, and what would be accepted.
_KINDS: Mapping[str, tuple[str, str]] = {
    "bool_type": ("MGD-R112", "true or false"),
    "string_type": ("MGD-R112", "a text in quotes"),
    "list_type": ("MGD-R112", "a list"),
    "dict_type": ("MGD-R112", "an object"),
    "model_type": ("MGD-R112", "an object"),
    "string_unicode": ("MGD-R113", "a text without broken characters"),
}

_SUCH_AS: Mapping[Location, str] = {
    ("labs",): 'a list of objects, such as [{"test": "serum_magnesium", "value": "1.48", "unit": "mg/dL"}]',
    ("scores",): 'a list of objects, such as [{"instrument": "PHQ-9", "total": 12}]',
    ("medications",): 'a list of objects, such as [{"name": "omeprazole"}]',
    ("magnesium_products",): 'a list of objects, such as [{"salt": "magnesium oxide", "amount": "400 mg"}]',
    ("conditions",): 'an object, such as {"type_2_diabetes": true, "dialysis": false}',
    ("presenting",): 'an object, such as {"ileus": false}',
}
"""What stands there, for who gave another kind of value. An entry of a list is told by the list it belongs to."""

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)


def path_of(location: Sequence[int | str]) -> str:
    """A location in the caller's words: ``("labs", 0, "unit")`` is ``labs[0].unit``."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            path += f".{part}" if path else part
        else:
            path += f'["{safe_text(part)}"]'
    return path


def shape_problems(error: ValidationError) -> Iterator[tuple[Location, Problem]]:
    """Every mistake of a validation, with where it is."""
    for detail in error.errors(include_url=False):
        yield detail["loc"], _problem(detail)


def unknown_key(location: Location) -> Problem:
    """A key that no record has, with the nearest one."""
    parent = tuple(part for part in location[:-1] if isinstance(part, str))
    shape = _SHAPES.get(parent)
    names = tuple(shape.model_fields) if shape is not None else ()
    key = str(location[-1])
    accepted = one_of(names, key, _ALIASES.get(parent))
    return Problem("MGD-R110", path_of(location), f"an unknown key {given_words(key)}", accepted)


def _problem(detail: ErrorDetails) -> Problem:
    location, kind = detail["loc"], detail["type"]
    if kind == "extra_forbidden":
        return unknown_key(location)
    given = given_words(detail["input"])
    if kind.startswith("MGD-"):
        return Problem(kind, path_of(location), given, detail["msg"])
    code, accepted = _KINDS.get(kind, ("MGD-R112", "a value of the kind the schema names"))
    if kind in ("list_type", "dict_type", "model_type"):
        whole = _SUCH_AS.get(tuple(part for part in location if isinstance(part, str)), accepted)
        accepted = whole.replace("a list of objects", "objects in this list", 1) if len(location) > 1 else whole
    return Problem(code, path_of(location), given, accepted)
