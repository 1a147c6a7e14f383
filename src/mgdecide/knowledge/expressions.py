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
from decimal import Decimal

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.catalogue import Fact, catalogue
from mgdecide.knowledge.reading import exact, shown
from mgdecide.logic.questions import All, Any, Compare, Lab, LabCompare, Literal, Operator, Question, UnitEdges

_COMPARISONS: Mapping[str, Operator] = {
    "less_than": Operator.LESS,
    "at_most": Operator.AT_MOST,
    "more_than": Operator.MORE,
    "at_least": Operator.AT_LEAST,
}

_DEEPEST = 20
"""Levels of all, any and not. Nobody reads as many, and engines work their way down by recursion."""

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
    depth: int = 0,
) -> Question:
    """The question a TOML condition says.

    Args:
        named: further yes/no names that are questions of their own (``serum_magnesium_below_lln``).
        special: facts whose comparisons are questions of their own.
        depth: how many conditions this one stands in.

    Raises:
        InvalidKnowledge: an unknown fact, word or unit, a condition that is none, or nested too deeply (MGD-K103);
            ``where`` is named.
        InvalidQuestion: a word that its category does not have (MGD-Q101).
    """
    if depth == _DEEPEST:
        raise _bad(where, "condition", f"conditions {depth} deep", "conditions that can be read")
    for word, kind in (("all", All), ("any", Any)):
        if word in table:
            terms = table[word]
            if not isinstance(terms, list) or not terms or not all(isinstance(term, dict) for term in terms):
                raise _bad(where, word, terms, "a list of one or more conditions")
            _alone(table, word, where)
            return kind(tuple([question_from(term, convert, where, named, special, depth + 1) for term in terms]))
    if "not" in table:
        inner = table["not"]
        if not isinstance(inner, dict):
            raise _bad(where, "not", inner, "one condition")
        _alone(table, "not", where)
        return ~question_from(inner, convert, where, named, special, depth + 1)
    name = table.get("fact")
    if named and isinstance(name, str) and name in named:
        question, truth = named[name], table.get("is", True)
        if not isinstance(truth, bool):
            raise _bad(where, f"{name}.is", truth, "true or false")
        return question if truth else ~question
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
        return facts.category(fact.name).equals(*_words(value, f"{fact.name}.is", where))
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


def _words(value: object, key: str, where: str) -> list[str]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words or not all(isinstance(each, str) for each in words):
        raise _bad(where, key, value, "a word, or a list of words")
    return words


def _decimal(value: object, where: str) -> Decimal:
    number = exact(value, integers=True)
    if number is None:
        raise _bad(where, "number", value, "an integer, or a decimal number in quotes")
    return number


def _alone(table: Mapping[str, object], word: str, where: str) -> None:
    others = [key for key in table if key != word]
    if others:
        raise _bad(where, word, ", ".join(others), f"{word} without other keys beside it")


def _bad(where: str, key: str, given: object, accepted: str) -> InvalidKnowledge:
    return InvalidKnowledge(Problem("MGD-K103", f"{where}.{key}"[:200], shown(given)[:120], accepted))
