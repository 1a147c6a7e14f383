"""A condition as a list: a short one on one line, a long one part by part, what many rules share by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from docs.markdown import prose
from mgdecide.logic.questions import All, Any, AtLeast, Choose, Not, Provided, Question, Surely, limit
from mgdecide.logic.words import Vocabulary, phrase
from mgdecide.rules.depression import DEPRESSED, DEPRESSIVE_SCORE
from mgdecide.rules.derived import kidney_below
from mgdecide.rules.statements import NOT_REACHED

_ONE_LINE = 110

SHARED: Mapping[Question, str] = {
    kidney_below(limit("oral-magnesium.kidney-stop")): "kidney function below the kidney stop",
    kidney_below(limit("oral-magnesium.kidney-caution")): "kidney function below the kidney caution",
    DEPRESSED: "depressive symptoms or a depressive disorder",
    DEPRESSIVE_SCORE: "a depressive score",
    NOT_REACHED: "a patient whom no trial reached",
}
"""Conditions that many rules rest on, by the name the page gives them."""


def outline(question: Question, words: Vocabulary) -> str:
    """What a rule holds on, as Markdown after the word When."""
    told = _bare(phrase(question, words))
    if len(told) <= _ONE_LINE:
        return f"**When** {prose(told)}."
    lines = list(_lines(question, words, 0, whole=False))
    return f"**When** {lines[0].removeprefix('- ')}." if len(lines) == 1 else "\n".join(("**When**", "", *lines))


def shared(words: Vocabulary) -> Iterator[str]:
    """The conditions that many rules rest on, each under its name."""
    for question, name in SHARED.items():
        yield f"**{name[0].upper()}{name[1:]}**"
        yield "\n".join(_lines(question, words, 0, whole=True))


def _lines(question: Question, words: Vocabulary, depth: int, *, whole: bool) -> Iterator[str]:
    """``whole``: the question itself is not told by its name, only its parts."""
    if question in SHARED and not whole:
        yield f"{'  ' * depth}- [{SHARED[question]}](#conditions-that-many-rules-share)"
        return
    told = _bare(phrase(question, words))
    if len(told) <= _ONE_LINE:
        yield _bullet(depth, told)
        return
    match question:
        case Surely(term):
            yield from _lines(term, words, depth, whole=False)
        case Any(terms):
            yield from _group("any of these:", terms, words, depth)
        case All(terms):
            yield from _group("all of these:", terms, words, depth)
        case AtLeast(count, terms):
            yield from _group(f"at least {count} of these:", terms, words, depth)
        case Not(Any(terms)) if question.term not in SHARED:
            yield from _group("none of these:", terms, words, depth)
        case Not(term):
            yield from _group("not:", (term,), words, depth)
        case Provided(condition, term):
            yield from _group("where (else it cannot be told):", (condition,), words, depth)
            yield from _group("then:", (term,), words, depth + 1)
        case Choose(condition, then, otherwise):
            yield from _group("if:", (condition,), words, depth)
            yield from _group("then:", (then,), words, depth + 1)
            yield from _group("otherwise:", (otherwise,), words, depth)
        case _:
            yield _bullet(depth, told)


def _group(heading: str, terms: tuple[Question, ...], words: Vocabulary, depth: int) -> Iterator[str]:
    """A heading and its terms below it; a single one that is a line stands beside it."""
    below = [line for term in terms for line in _lines(term, words, depth + 1, whole=False)]
    if len(below) == 1:
        yield f"{'  ' * depth}- {heading} {below[0].lstrip(' -')}"
        return
    yield _bullet(depth, heading)
    yield from below


def _bullet(depth: int, text: str) -> str:
    return f"{'  ' * depth}- {prose(text)}"


def _bare(text: str) -> str:
    """A text without brackets around the whole of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    open_at = 0
    for at, letter in enumerate(text):
        open_at += {"(": 1, ")": -1}.get(letter, 0)
        if not open_at and at < len(text) - 1:
            return text
    return text[1:-1]
