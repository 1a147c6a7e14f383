"""The JSON Schema of a patient record, from the shapes it is read with and the catalogue's names, units and ranges.

It describes the canonical form: the reader also understands usual spellings of units, which a schema cannot list.
What two keys have to do with each other beyond unit and test (a date after the day of assessment, a lower limit above
the upper one) is told by the reader.
"""

from __future__ import annotations

from decimal import Decimal

from mgdecide.adapters.record.limits import plain, plausible_ranges
from mgdecide.adapters.record.models import RecordShape
from mgdecide.adapters.record.reader import urgent_rules
from mgdecide.adapters.schema.builders import Schema
from mgdecide.domain.doses import BASES
from mgdecide.knowledge.catalogue import COMPARATORS, Fact, catalogue
from mgdecide.knowledge.instruments import Instrument, instruments


def patient_schema() -> Schema:
    """The schema of a record, draft 2020-12."""
    schema = _tidied(RecordShape.model_json_schema())
    defs = _inner(schema, "$defs")
    _describe_person(_inner(schema, "properties"))
    _describe_lab(_inner(defs, "lab"))
    _describe_score(_inner(defs, "score"))
    _describe_numbers(defs)
    _member(defs, "product", "basis")["enum"] = [*BASES, None]
    _inner(defs, "product")["required"] = ["salt", "amount"]
    _inner(defs, "medication")["anyOf"] = [
        {"required": [key], "properties": {key: {"not": {"type": "null"}}}} for key in ("name", "atc", "rxnorm")
    ]
    return schema


def _inner(schema: Schema, key: str) -> Schema:
    inner = schema[key]
    assert isinstance(inner, dict)
    return inner


def _member(defs: Schema, shape: str, key: str) -> Schema:
    return _inner(_inner(_inner(defs, shape), "properties"), key)


_NULL = {"type": "null"}


def _tidied(schema: Schema) -> Schema:
    """The same, easier to read: no titles, no default of null, ``["array", "null"]`` for one of both, short names."""
    tidy = {_short(key): _tidied_value(value) for key, value in schema.items() if not _says_nothing(key, value)}
    branches = tidy.get("anyOf")
    if isinstance(branches, list) and len(branches) == 2 and branches[1] == _NULL and "type" in branches[0]:
        del tidy["anyOf"]
        tidy |= {**branches[0], "type": [branches[0]["type"], "null"]}
    return tidy


def _tidied_value(value: object) -> object:
    match value:
        case dict():
            return _tidied(value)
        case list():
            return [_tidied_value(each) for each in value]
        case str() if value.startswith("#/$defs/"):
            return f"#/$defs/{_short(value.removeprefix('#/$defs/'))}"
        case _:
            return value


def _short(name: str) -> str:
    return name.removesuffix("Shape").lower() if name.endswith("Shape") else name


def _says_nothing(key: str, value: object) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)


# --- words and numbers of the catalogue ---------------------------------------------------------------------


def _describe_person(members: Schema) -> None:
    facts = catalogue().facts
    for name in ("sex", "pregnancy"):
        _inner(members, name)["enum"] = [*facts[name].values, None]
    for name in ("age_years", "weight_kg", "height_cm", "trimester"):
        _bound(_inner(members, name), facts[name])
    for group in ("conditions", "presenting"):
        _list_keys(_inner(members, group), group)
    _inner(members, "acknowledged")["items"] = {"enum": list(urgent_rules())}


def _list_keys(member: Schema, group: str) -> None:
    facts = catalogue().group(group)
    member["properties"] = {fact.name: {"type": ["boolean", "null"], "description": fact.meaning} for fact in facts}
    member["additionalProperties"] = False


def _bound(member: Schema, fact: Fact) -> None:
    """Put the plausible range on the branch that takes a number."""
    low, high = plausible_ranges()[fact.name, fact.units[0]]
    branches = member["anyOf"]
    assert isinstance(branches, list)
    branches[0] = {**branches[0], "minimum": float(low), "maximum": float(high)}
    member["unit"] = fact.units[0]


def _describe_numbers(defs: Schema) -> None:
    facts = catalogue().facts
    for shape, member, fact in (
        ("diet", "magnesium_mg_per_day", "diet_magnesium_mg_per_day"),
        ("substances", "alcohol_drinks_per_day", "alcohol_drinks_per_day"),
        ("substances", "caffeine_mg_per_day", "caffeine_mg_per_day"),
        ("treatment", "adequate_antidepressant_trials_failed", "failed_antidepressant_trials"),
    ):
        _bound(_member(defs, shape, member), facts[fact])


# --- laboratory results and scores --------------------------------------------------------------------------


def _describe_lab(shape: Schema) -> None:
    members = _inner(shape, "properties")
    tests = catalogue().kind("lab")
    members["test"] = {
        "description": "key of the test",
        "oneOf": [{"const": test.name, "description": test.meaning} for test in tests],
    }
    members["unit"] = {"type": "string", "description": _inner(members, "unit")["description"]}
    _inner(members, "comparator")["enum"] = [*COMPARATORS, None]
    shape["required"] = ["test", "value", "unit"]
    shape["allOf"] = [_units_of(test) for test in tests]


def _units_of(test: Fact) -> Schema:
    ranges = plausible_ranges()
    per_unit = [
        _when(
            {"unit": {"const": unit}},
            {"value": _between(*ranges[test.name, unit])},
            f"{plain(ranges[test.name, unit][0])} to {plain(ranges[test.name, unit][1])} {unit}",
        )
        for unit in test.units
    ]
    then: Schema = {"properties": {"unit": {"enum": list(test.units)}}, "allOf": per_unit}
    return {"if": {"properties": {"test": {"const": test.name}}, "required": ["test"]}, "then": then}


def _between(low: Decimal, high: Decimal) -> Schema:
    """Bounds speak of numbers only; digits in a text are looked at by the reader."""
    return {"minimum": float(low), "maximum": float(high)}


def _when(given: Schema, then: Schema, meaning: str) -> Schema:
    return {
        "description": meaning,
        "if": {"properties": given, "required": list(given)},
        "then": {"properties": then},
    }


def _describe_score(shape: Schema) -> None:
    members = _inner(shape, "properties")
    members["instrument"] = {"description": "name and version", "enum": list(instruments())}
    shape["required"] = ["instrument"]
    shape["anyOf"] = [
        {"required": ["total"], "properties": {"total": {"not": {"type": "null"}}}},
        {"required": ["items"], "properties": {"items": {"type": "object", "minProperties": 1}}},
    ]
    shape["allOf"] = [_points_of(each) for each in instruments().values()]


def _points_of(instrument: Instrument) -> Schema:
    points = {str(item): {"maximum": highest} for item, highest in instrument.items.items()}
    items = {"properties": points, "additionalProperties": False}
    then = {"total": {"maximum": instrument.highest}, "items": items}
    return _when({"instrument": {"const": instrument.name}}, then, instrument.name)
