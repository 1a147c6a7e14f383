"""Conditions written in TOML, as studies, interactions and bodies of evidence write them, made into questions.

A closed set of tables::

    {fact = "myasthenia_gravis", is = false}            a yes/no fact
    {fact = "sex", is = "female"}                       a category fact
    {fact = "age_years", at_least = 18, at_most = 70}   a number; several comparisons must all hold
    {fact = "serum_magnesium", less_than = {"mg/dL" = "1.8"}}   a laboratory value, edge by unit
    {all = [...]}   {any = [...]}   {not = {...}}

An edge printed in one unit is converted exactly to the others by the conversions of the knowledge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.catalogue import Fact, catalogue
from mgdecide.logic.questions import All, Any, Compare, Lab, LabCompare, Literal, Operator, Question, UnitEdges

_COMPARISONS: Mapping[str, Operator] = {
    "less_than": Operator.LESS,
    "at_most": Operator.AT_MOST,
    "more_than": Operator.MORE,
    "at_least": Operator.AT_LEAST,
}

Special = Mapping[str, Callable[[Operator, float], Question]]
"""Facts of one unit whose comparison is a question of its own (kidney function, told by two figures)."""

Convert = Callable[[str, Mapping[str, Decimal]], Mapping[str, Decimal]]
"""(laboratory fact, printed edges by unit) -> edges in every unit that can be reached exactly."""


def question_from(
    table: Mapping[str, object],
    convert: Convert,
    where: str,
    named: Mapping[str, Question] | None = None,
    special: Special | None = None,
) -> Question:
    """The question a TOML condition says.

    Args:
        named: further yes/no names that are questions of their own (``serum_magnesium_below_lln``).
        special: facts whose comparisons are questions of their own.

    Raises:
        InvalidKnowledge: an unknown fact, word or unit; ``where`` is named.
    """
    for word, kind in (("all", All), ("any", Any)):
        if word in table:
            terms = table[word]
            if not isinstance(terms, list) or not terms:
                raise _bad(where, word, terms, "a list of one or more conditions")
            return kind(tuple(question_from(term, convert, where, named, special) for term in terms))
    if "not" in table:
        inner = table["not"]
        if not isinstance(inner, dict):
            raise _bad(where, "not", inner, "one condition")
        return ~question_from(inner, convert, where, named, special)
    name = table.get("fact")
    if named and name in named:
        question = named[str(name)]
        return question if table.get("is", True) else ~question
    fact = catalogue().facts.get(str(name))
    if fact is None:
        raise _bad(where, "fact", name, "a fact of the catalogue")
    words = {key: value for key, value in table.items() if key != "fact"}
    if special and fact.name in special and set(words) <= set(_COMPARISONS) and words:
        compared = [
            special[fact.name](_COMPARISONS[word], float(_decimal(edge, where))) for word, edge in words.items()
        ]
        return compared[0] if len(compared) == 1 else All(tuple(compared))
    return _about(fact, words, convert, where)


def _about(fact: Fact, words: Mapping[str, object], convert: Convert, where: str) -> Question:
    if not words:
        raise _bad(where, fact.name, "no comparison", "is, less_than, at_most, more_than or at_least")
    questions = [_one(fact, word, value, convert, where) for word, value in words.items()]
    return questions[0] if len(questions) == 1 else All(tuple(questions))


def _one(fact: Fact, word: str, value: object, convert: Convert, where: str) -> Question:
    facts = catalogue()
    if word == "is" and fact.kind == "yes_no" and isinstance(value, bool):
        question = facts.yes_no(fact.name)
        return question if value else ~question
    if word == "is" and fact.kind == "category":
        return facts.category(fact.name).equals(*([value] if isinstance(value, str) else list(_strings(value))))
    operator = _COMPARISONS.get(word)
    if operator is not None and fact.kind == "number":
        return Compare(facts.number(fact.name), operator, Literal(float(_decimal(value, where))))
    if operator is not None and fact.kind == "lab":
        lab = facts.lab(fact.name)
        return LabCompare(lab, operator, _edges(lab, value, convert, where))
    raise _bad(where, f"{fact.name}.{word}", value, f"a comparison that fits a {fact.kind} fact")


def _edges(lab: Lab, value: object, convert: Convert, where: str) -> UnitEdges:
    if not isinstance(value, dict):
        if len(lab.units) != 1:
            raise _bad(where, lab.name, value, f"an edge with its unit, one of {', '.join(lab.units)}")
        value = {lab.units[0]: value}
    printed = {str(unit): _decimal(edge, where) for unit, edge in value.items()}
    for unit in printed:
        if unit not in lab.units:
            raise _bad(where, lab.name, unit, f"one of {', '.join(lab.units)}")
    edges = convert(lab.name, printed)
    return UnitEdges(lab, tuple((unit, float(edges[unit])) for unit in lab.units if unit in edges))


def _strings(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _decimal(value: object, where: str) -> Decimal:
    try:
        if isinstance(value, bool | float):
            raise InvalidOperation
        return Decimal(str(value))
    except InvalidOperation:
        raise _bad(where, "number", value, "an integer, or a decimal number in quotes") from None


def _bad(where: str, key: str, given: object, accepted: str) -> InvalidKnowledge:
    return InvalidKnowledge(Problem("MGD-K103", f"{where}.{key}", repr(given), accepted))
