"""Small builders for JSON Schema (draft 2020-12), so that every member carries its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Schema = dict[str, object]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
TEXTS: Schema = {"type": "array", "items": TEXT}


def shape(
    meaning: str,
    required: Mapping[str, tuple[Schema, str]],
    optional: Mapping[str, tuple[Schema, str]] | None = None,
    *,
    closed: bool = True,
) -> Schema:
    """An object; members map to their schema and meaning. ``closed`` refuses any other member."""
    members = {**required, **(optional or {})}
    schema: Schema = {
        "type": "object",
        "description": meaning,
        "properties": {name: {**inner, "description": words} for name, (inner, words) in members.items()},
        "required": list(required),
    }
    return schema | {"additionalProperties": False} if closed else schema


def listed(inner: Schema, meaning: str) -> Schema:
    """A list of one kind of entry."""
    return {"type": "array", "items": inner, "description": meaning}


def one_word_of(words: Iterable[str], meaning: str = "") -> Schema:
    """One of a few words."""
    schema: Schema = {"type": "string", "enum": list(words)}
    return schema | {"description": meaning} if meaning else schema


def whole(low: int | None = None, high: int | None = None) -> Schema:
    """A whole number within bounds."""
    schema: Schema = {"type": "integer"}
    if low is not None:
        schema["minimum"] = low
    if high is not None:
        schema["maximum"] = high
    return schema


def or_null(inner: Schema) -> Schema:
    """The same, or null."""
    return {"anyOf": [inner, {"type": "null"}]}


def headed(schema: Schema, name: str, title: str) -> Schema:
    """A schema that stands by itself: draft, name and title in front."""
    return {"$schema": DRAFT, "$id": f"urn:mgdecide:schema:{name}", "title": title, **schema}
