"""The fields of the form and the record they amount to, both ways.

What a record holds and the form has no field for travels along unseen (``rest``), so that nothing is lost between the
two views. Every path of a record can be led back to the field it came from, for mistakes to be told beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from attrs import define, field, frozen

from mgdecide.knowledge.catalogue import catalogue

Record: TypeAlias = dict[str, Any]
"""A patient record as it may be given; checked only by ``read_patient``."""

Values: TypeAlias = dict[str, str]
"""What stands in the fields, by name; an empty field is absent."""

MAGNESIUM_UNITS = ("mmol/L", "mg/dL", "mEq/L")
GATE_CONDITIONS = (
    "dialysis",
    "acute_kidney_injury",
    "mobitz_ii_or_third_degree_av_block",
    "pacemaker",
    "myasthenia_gravis",
    "lambert_eaton",
    "bowel_obstruction",
)
OTHER_CONDITIONS = (
    "major_depressive_disorder",
    "treatment_resistant_depression",
    "bipolar_disorder",
    "type_2_diabetes",
    "inflammatory_bowel_disease",
    "gastritis",
    "gastro_oesophageal_reflux",
)
CONDITIONS = GATE_CONDITIONS + OTHER_CONDITIONS
SIGNS = ("palpitations", "syncope", "arrhythmia", "seizure", "tetany", "confusion", "suicide_plan", "suicide_intent")
RESULTS = ("serum_creatinine", "serum_potassium", "serum_calcium", "albumin", "qtc")
"""Further results with a line each."""
SCORED = "PHQ-9"
ITEMS = tuple(str(item) for item in range(1, 10))
PRODUCT_LINES = 2


@frozen
class Place:
    """Where a part of a record came from: the beginning of its path, and the field."""

    path: str
    field: str


@define
class Filled:
    """A record made from fields, with the place of each part."""

    record: Record = field(factory=dict)
    places: list[Place] = field(factory=list)

    def field_of(self, path: str) -> str | None:
        """The field a path came from: the place with the longest beginning in common."""
        fitting = [
            place
            for place in self.places
            if path == place.path or path.startswith((place.path + ".", place.path + "[", place.path + '["'))
        ]
        return max(fitting, key=lambda place: len(place.path)).field if fitting else None


def label(name: str) -> str:
    """The catalogue's words for a fact, with a capital."""
    words = catalogue().facts[name].label
    return words[:1].upper() + words[1:]


# --- fields to record ---------------------------------------------------------------------------------------


def to_record(values: Values) -> Filled:
    """The record that the fields amount to. It may hold mistakes: ``read_patient`` tells them."""
    filled = Filled(_rest(values))
    _person(values, filled)
    _labs(values, filled)
    _score(values, filled)
    _statements(values, filled, "conditions", "condition_", CONDITIONS)
    _signs(values, filled)
    _other_conditions(values, filled)
    _medicines(values, filled)
    _products(values, filled)
    for name in ("conditions_complete", "medications_complete"):
        if values.get(name):
            filled.record[name] = True
    return filled


def _rest(values: Values) -> Record:
    try:
        rest = json.loads(values.get("rest") or "{}")
    except ValueError:
        return {}
    return rest if isinstance(rest, dict) else {}


def _person(values: Values, filled: Filled) -> None:
    for name in ("id", "assessed_on", "age_years", "sex", "pregnancy"):
        if values.get(name):
            filled.record[name] = values[name]
            filled.places.append(Place(name, name))


def _labs(values: Values, filled: Filled) -> None:
    labs: list[Record] = []
    for test in ("serum_magnesium", "egfr", *RESULTS):
        given = {key: values[f"{test}_{key}"] for key in ("value", "unit", "on") if values.get(f"{test}_{key}")}
        if "value" not in given:
            continue
        at = f"labs[{len(labs)}]"
        filled.places += [Place(at, f"{test}_value")]
        filled.places += [Place(f"{at}.{key}", f"{test}_{key}") for key in ("value", "unit", "on")]
        labs.append({"test": test, **given, **_lab_extras(values, test, at, filled)})
    kept = filled.record.get("labs")
    if labs or kept:
        filled.record["labs"] = [*labs, *(kept if isinstance(kept, list) else [])]


def _lab_extras(values: Values, test: str, at: str, filled: Filled) -> Record:
    extras: Record = {}
    if test == "egfr" and not values.get("egfr_unit"):
        extras["unit"] = "mL/min/1.73m2"
    if test == "serum_magnesium":
        ends = {
            end: values[f"serum_magnesium_{end}"] for end in ("low", "high") if values.get(f"serum_magnesium_{end}")
        }
        filled.places += [Place(f"{at}.reference.{end}", f"serum_magnesium_{end}") for end in ("low", "high")]
        if ends:
            extras["reference"] = ends
        for name in ("haemolysed", "unit_confirmed"):
            answer = values.get(f"serum_magnesium_{name}")
            if answer in ("yes", "no"):
                extras[name] = answer == "yes"
    return extras


def _score(values: Values, filled: Filled) -> None:
    given: Record = {}
    if values.get("phq9_total"):
        given["total"] = values["phq9_total"]
    items = {item: values[f"phq9_item_{item}"] for item in ITEMS if values.get(f"phq9_item_{item}")}
    if items:
        given["items"] = items
    kept = filled.record.get("scores")
    others = kept if isinstance(kept, list) else []
    if given:
        if values.get("phq9_on"):
            given["on"] = values["phq9_on"]
        filled.places += [
            Place("scores[0]", "phq9_total"),
            Place("scores[0].total", "phq9_total"),
            Place("scores[0].items", "phq9_item_9"),
            Place("scores[0].on", "phq9_on"),
            *(Place(f"scores[0].items.{item}", f"phq9_item_{item}") for item in ITEMS),
        ]
        filled.record["scores"] = [{"instrument": SCORED, **given}, *others]


def _statements(values: Values, filled: Filled, key: str, prefix: str, names: Iterable[str]) -> None:
    said = dict(filled.record.get(key) or {})
    for name in names:
        answer = values.get(prefix + name)
        if answer in ("yes", "no"):
            said[name] = answer == "yes"
            filled.places.append(Place(f"{key}.{name}", prefix + name))
    if said:
        filled.record[key] = said


def _signs(values: Values, filled: Filled) -> None:
    _statements(values, filled, "presenting", "sign_", SIGNS)


def _other_conditions(values: Values, filled: Filled) -> None:
    """Conditions by key or by the catalogue's words, one a line, all present."""
    by_words = {fact.label.casefold(): fact.name for fact in catalogue().group("conditions")}
    for line in values.get("other_conditions", "").splitlines():
        words = line.strip()
        if not words:
            continue
        key = by_words.get(words.casefold(), words.replace(" ", "_").casefold() if " " in words else words)
        filled.record["conditions"] = {**(filled.record.get("conditions") or {}), key: True}
        filled.places.append(Place(f"conditions.{key}", "other_conditions"))
    filled.places.append(Place("conditions", "other_conditions"))


def _medicines(values: Values, filled: Filled) -> None:
    """One a line: a name, then clock times. ``alendronate 07:00``, ``levothyroxine 06:30 18:30``."""
    medicines = []
    for line in values.get("medicines", "").splitlines():
        words = line.replace(",", " ").split()
        while_times = [word for word in words if _is_time(word)]
        name = " ".join(word for word in words if not _is_time(word))
        if not name and not while_times:
            continue
        medicines.append({"name": name, **({"times": while_times} if while_times else {})})
    filled.places.append(Place("medications", "medicines"))
    kept = filled.record.get("medications")
    others = kept if isinstance(kept, list) else []
    if medicines or others:
        filled.record["medications"] = [*medicines, *others]
    elif values.get("medications_complete"):
        filled.record["medications"] = []


def _is_time(word: str) -> bool:
    hours, colon, minutes = word.partition(":")
    return bool(colon) and hours.isdigit() and minutes.isdigit()


def _products(values: Values, filled: Filled) -> None:
    products: list[Record] = []
    for line in range(1, PRODUCT_LINES + 1):
        given = {
            key: values[f"product_{line}_{key}"]
            for key in ("salt", "amount", "basis", "per_day")
            if values.get(f"product_{line}_{key}")
        }
        if not given:
            continue
        at = f"magnesium_products[{len(products)}]"
        filled.places.append(Place(at, f"product_{line}_salt"))
        filled.places += [
            Place(f"{at}.{key}", f"product_{line}_{key}") for key in ("salt", "amount", "basis", "per_day")
        ]
        products.append(given)
    kept = filled.record.get("magnesium_products")
    others = kept if isinstance(kept, list) else []
    if products or others:
        filled.record["magnesium_products"] = [*products, *others]
    elif values.get("no_products"):
        filled.record["magnesium_products"] = []


# --- record to fields ---------------------------------------------------------------------------------------


def to_values(record: Mapping[str, Any]) -> Values:
    """The fields that show a record; what has no field is kept under ``rest``."""
    rest = dict(record)
    values: Values = {}
    for name in ("id", "assessed_on", "age_years", "sex", "pregnancy"):
        if rest.get(name) is not None:
            values[name] = str(rest.pop(name))
    _show_labs(rest, values)
    _show_score(rest, values)
    _show_statements(rest, values, "conditions", "condition_", CONDITIONS)
    _show_statements(rest, values, "presenting", "sign_", SIGNS)
    _show_other_conditions(rest, values)
    _show_medicines(rest, values)
    _show_products(rest, values)
    for name in ("conditions_complete", "medications_complete"):
        if rest.pop(name, None) is True:
            values[name] = "yes"
    kept = {key: value for key, value in rest.items() if value not in (None, [], {})}
    if kept:
        values["rest"] = json.dumps(kept, default=str)
    return values


_SHOWN_KEYS = frozenset(("test", "value", "unit", "on"))
_SHOWN_MAGNESIUM = _SHOWN_KEYS | {"reference", "haemolysed", "unit_confirmed"}


def _show_labs(rest: Record, values: Values) -> None:
    kept = []
    for lab in rest.pop("labs", None) or []:
        test = lab.get("test")
        shown = _SHOWN_MAGNESIUM if test == "serum_magnesium" else _SHOWN_KEYS
        told = {key for key, value in lab.items() if value not in (None, {})}
        fits = test in ("serum_magnesium", "egfr", *RESULTS) and told <= shown and f"{test}_value" not in values
        if not fits or (test == "serum_magnesium" and lab.get("unit") not in MAGNESIUM_UNITS):
            kept.append(lab)
            continue
        for key in ("value", "unit", "on"):
            if lab.get(key) is not None:
                values[f"{test}_{key}"] = str(lab[key])
        for end, limit in (lab.get("reference") or {}).items():
            if limit is not None:
                values[f"{test}_{end}"] = str(limit)
        for name in ("haemolysed", "unit_confirmed"):
            if isinstance(lab.get(name), bool):
                values[f"{test}_{name}"] = "yes" if lab[name] else "no"
    if kept:
        rest["labs"] = kept


def _show_score(rest: Record, values: Values) -> None:
    """A PHQ-9 is shown if the form can hold all of it; one with other items stays as it is."""
    kept = []
    for score in rest.pop("scores", None) or []:
        items = score.get("items") or {}
        told = set(score) <= {"instrument", "total", "items", "on"}
        if score.get("instrument") == SCORED and told and set(items) <= set(ITEMS) and not _is_scored(values):
            shown = {"total": score.get("total"), "on": score.get("on")}
            shown |= {f"item_{item}": points for item, points in items.items()}
            values |= {f"phq9_{name}": str(value) for name, value in shown.items() if value is not None}
        else:
            kept.append(score)
    if kept:
        rest["scores"] = kept


def _is_scored(values: Values) -> bool:
    return any(name.startswith("phq9_") for name in values)


def _show_statements(rest: Record, values: Values, key: str, prefix: str, names: Sequence[str]) -> None:
    said = dict(rest.get(key) or {})
    for name in names:
        if isinstance(said.get(name), bool):
            values[prefix + name] = "yes" if said.pop(name) else "no"
    rest[key] = said


def _show_other_conditions(rest: Record, values: Values) -> None:
    said = rest.get("conditions") or {}
    present = [name for name, answer in said.items() if answer is True]
    if present:
        facts = catalogue().facts
        values["other_conditions"] = "\n".join(facts[name].label if name in facts else name for name in present)
    rest["conditions"] = {name: answer for name, answer in said.items() if answer is not True}


def _show_medicines(rest: Record, values: Values) -> None:
    lines, kept = [], []
    for medicine in rest.pop("medications", None) or []:
        name = medicine.get("name")
        codes = medicine.get("atc") or medicine.get("rxnorm")
        if name and not codes and not any(_is_time(word) for word in name.split()) and name == " ".join(name.split()):
            times = " ".join(medicine.get("times") or [])
            if "," in name or any(each in name for each in "\r\n"):
                kept.append(medicine)
                continue
            lines.append(f"{name} {times}".strip())
        else:
            kept.append(medicine)
    if lines:
        values["medicines"] = "\n".join(lines)
    if kept:
        rest["medications"] = kept


def _show_products(rest: Record, values: Values) -> None:
    if "magnesium_products" not in rest:
        return
    products = rest.pop("magnesium_products")
    if products == []:
        values["no_products"] = "yes"
    for line, product in enumerate((products or [])[:PRODUCT_LINES], 1):
        for key in ("salt", "amount", "basis", "per_day"):
            if product.get(key) is not None:
                values[f"product_{line}_{key}"] = str(product[key])
    if products and len(products) > PRODUCT_LINES:
        rest["magnesium_products"] = products[PRODUCT_LINES:]


def names_of_rest(values: Values) -> list[str]:
    """What a record holds that the form does not show, in words."""
    rest = _rest(values)
    found = [_words(lab.get("test")) for lab in rest.get("labs") or []]
    found += [str(score.get("instrument", "a score")) for score in rest.get("scores") or []]
    found += [key.replace("_", " ") for key in rest if key not in ("labs", "scores")]
    return list(dict.fromkeys(found))


def _words(test: object) -> str:
    fact = catalogue().facts.get(str(test))
    return fact.label if fact is not None else str(test)
