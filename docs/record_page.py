"""The page about the patient record, read off the published schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from docs.markdown import page, sentence, table
from mgdecide.adapters.examples import example_text
from mgdecide.adapters.schema.published import schema as schema_of

_PARTS = (
    ("lab", "labs: laboratory results"),
    ("reference", "labs: the laboratory's own interval"),
    ("score", "scores: questionnaires"),
    ("medication", "medications"),
    ("product", "magnesium_products"),
    ("diet", "diet"),
    ("substances", "substances"),
    ("treatment", "treatment_history"),
)
_ABOUT = {
    "labs": "laboratory results",
    "reference": "the laboratory's own interval",
    "scores": "questionnaires",
    "medications": "medicines",
    "diet": "magnesium from food and water",
    "substances": "alcohol, tobacco, caffeine",
    "treatment_history": "what was tried for depression",
}
_KINDS = {"string": "text", "boolean": "true or false", "integer": "whole number", "number": "number"}


def record_page() -> str:
    """Every key of a record, with what it takes and what it means."""
    schema = schema_of("patient")
    properties, parts = _inner(schema, "properties"), _inner(schema, "$defs")
    return page(
        "The patient record",
        "What `read_patient` takes: a dictionary, or JSON text of one. **Every key may be left out, and what is left "
        "out is unknown, never no.** A key that is not listed here is an error. `mgdecide schema patient` prints the "
        "same as a JSON Schema, with the range and the units of every number.",
        "## The whole record",
        _keys(properties),
        *(text for name, title in _PARTS for text in (f"## {title}", *_part(_inner(parts, name)))),
        "## conditions",
        "`true`: present. `false`: looked for and absent. Left out: unknown, unless `conditions_complete` is `true`; "
        "then it is absent.",
        _names(_inner(properties, "conditions")),
        "## presenting: acute signs",
        "`true` or `false`. A complete problem list says nothing of these: what is left out stays unknown.",
        _names(_inner(properties, "presenting")),
        "## An example",
        "This is the patient of `mgdecide demo`; `mgdecide demo --record` prints it.",
        f"```json\n{example_text('demo-1').strip()}\n```",
    )


def _part(schema: Mapping[str, object]) -> Iterator[str]:
    needed = ", ".join(f"`{key}`" for key in _list(schema.get("required")))
    yield sentence(str(schema.get("description", ""))) + (f" Needed: {needed}." if needed else "")
    yield _keys(_inner(schema, "properties"))


def _keys(properties: Mapping[str, object]) -> str:
    rows = []
    for key, found in properties.items():
        assert isinstance(found, Mapping)
        rows.append((f"`{key}`", _takes(key, found), found.get("description") or _ABOUT.get(key, "")))
    return table(("Key", "Takes", "Meaning"), rows)


def _takes(key: str, schema: Mapping[str, object]) -> str:
    """The kind of value, with its words and its range where it has them."""
    words = [str(each) for each in _list(schema.get("enum")) if each is not None]
    words += [str(_mapping(each)["const"]) for each in _list(schema.get("oneOf"))]
    if words:
        return ", ".join(word if "<" in word or ">" in word else f"`{word}`" for word in words)
    if key == "value":
        return "number, or its digits as text"
    if key in ("conditions", "presenting"):
        return "keys below, each true or false"
    if schema.get("format") == "date":
        return "day, YYYY-MM-DD"
    if key == "items":
        return "an object: points by item number"
    kinds = _list(schema.get("type")) or [schema.get("type")]
    if "array" in kinds:
        return "list, see below" if "$ref" in _mapping(schema.get("items")) else "list of texts"
    options = [_mapping(each) for each in _list(schema.get("anyOf"))]
    if any("$ref" in each for each in options):
        return "object, see below"
    for option in options:
        if option.get("type") in ("number", "integer"):
            unit = f" {schema['unit']}" if schema.get("unit") not in (None, key) else ""
            ends = (option.get("minimum"), option.get("maximum"))
            return _KINDS[str(option["type"])] + (f", {ends[0]:g} to {ends[1]:g}{unit}" if None not in ends else "")
    return " or ".join(_KINDS[str(kind)] for kind in kinds if kind not in (None, "null"))


def _names(schema: Mapping[str, object]) -> str:
    rows = ((f"`{key}`", _mapping(found).get("description", "")) for key, found in _inner(schema, "properties").items())
    return table(("Key", "Meaning"), rows)


def _inner(schema: Mapping[str, object], key: str) -> Mapping[str, object]:
    return _mapping(schema[key])


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
