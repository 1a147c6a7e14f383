"""What an error code, a rule or a fact means: from the catalogues, offline."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from mgdecide.adapters.record.limits import plain, plausible_ranges
from mgdecide.adapters.suggestions import given_words, nearest
from mgdecide.errors import InvalidInput, Problem
from mgdecide.knowledge.catalogue import Fact, catalogue
from mgdecide.knowledge.error_catalogue import ErrorEntry, error_catalogue
from mgdecide.knowledge.source_register import source_register

_WIDTH = 76
_MARGIN = 11
_FEW = 5


def explain(name: str) -> str:
    """What an error code (``MGD-R131``), a rule id (``gate.kidney``) or a fact (``egfr``) means, at most 76 columns.

    Raises:
        InvalidInput: nothing is known by that name (MGD-L113), with the nearest name.
    """
    error = error_catalogue().get(name.upper())
    if error is not None:
        return _of_error(error)
    reason = _reading_reasons().get(name.upper())
    if reason is not None:
        return _page(f"{name.upper()}  A line of the reading report of a FHIR Bundle", (("Means", reason),))
    fact = catalogue().facts.get(name)
    if fact is not None:
        return _of_fact(fact)
    rule = _of_rule(name)
    if rule is not None:
        return rule
    from mgdecide.knowledge.edition import default_knowledge
    from mgdecide.rules.rulebook import rulebook

    book = rulebook(default_knowledge())
    known = (*error_catalogue(), *catalogue().facts, *(rule.id for rule in (*book.urgent, *book.rules)))
    raise InvalidInput(Problem("MGD-L113", "CODE", given_words(name), _known_names(name, known)))


def _known_names(name: str, known: Iterable[str]) -> str:
    """What can be explained: the names that hold this word, or the nearest one."""
    every = tuple(known)
    near = nearest(name, every)
    word = name.strip().casefold()
    holding = sorted((each for each in every if word in each.casefold()), key=len)[:_FEW] if len(word) > 2 else []
    suggested = ", ".join(f'"{each}"' for each in holding) or (f'"{near}"' if near else "")
    what = "an error code, a rule id or a fact"
    return f"did you mean {suggested}? Accepted: {what}" if suggested else what


def _paragraph(title: str, text: str) -> Iterator[str]:
    """A title in the margin and the text beside it."""
    lines = [wrapped for line in text.strip().split("\n") for wrapped in textwrap.wrap(line, _WIDTH - _MARGIN) or [""]]
    for at, line in enumerate(lines):
        yield f"{title if at == 0 else '':<{_MARGIN}}{line}".rstrip()


def _page(heading: str, paragraphs: Iterable[tuple[str, str]]) -> str:
    lines = textwrap.wrap(heading, _WIDTH)
    for title, text in paragraphs:
        if text:
            lines += ["", *_paragraph(title, text)]
    return "\n".join(lines)


def _of_error(entry: ErrorEntry) -> str:
    return _page(
        f"{entry.code}  {entry.title}",
        (("Means", entry.means), ("Example", entry.example), ("What to do", entry.fix)),
    )


def _reading_reasons() -> Mapping[str, str]:
    """Why a resource of a Bundle was not used: an answer, not an error, so it stands with the reader."""
    from mgdecide.adapters.fhir.reasons import REASONS

    return REASONS


# --- facts --------------------------------------------------------------------------------------------------


def _of_fact(fact: Fact) -> str:
    ranges = plausible_ranges()
    told = [
        f"{plain(ranges[fact.name, unit][0])} to {plain(ranges[fact.name, unit][1])} {unit}"
        for unit in fact.units
        if (fact.name, unit) in ranges
    ]
    return _page(
        f"{fact.name}  {fact.label}",
        (
            ("Means", fact.meaning),
            ("Kind", {"lab": "laboratory result", "yes_no": "true, false or unknown"}.get(fact.kind, fact.kind)),
            ("Units", ", ".join(fact.units)),
            ("Words", ", ".join(fact.values)),
            ("Accepted", "\n".join(told)),
            ("Columns", ", ".join(fact.columns) if len(fact.columns) > 1 else ""),
        ),
    )


# --- rules --------------------------------------------------------------------------------------------------


def _with_places(text: str) -> str:
    """A text whose places stand open: ``{serum_magnesium}`` as ``[serum magnesium]``."""
    return re.sub(r"\{(\w+)\}", lambda place: f"[{place[1].replace('_', ' ')}]", text.replace("{crisis", " {crisis"))


def _of_rule(name: str) -> str | None:
    from mgdecide.knowledge.edition import default_knowledge
    from mgdecide.logic.words import phrase
    from mgdecide.rules.rulebook import rulebook
    from mgdecide.rules.vocabulary import Words

    book = rulebook(default_knowledge())
    words = Words(book.knowledge)
    for rule in (*book.urgent, *book.rules):
        if rule.id == name:
            entry, when, sources, verified = rule.entry, rule.when, rule.sources, rule.verified
            break
    else:
        found = [(entry, when) for entry, when in book.contraindications if entry.id == name]
        if not found:
            return None
        entry, when = found[0]
        sources, verified = entry.sources, entry.verified
    read = "Every source was read." if verified else "A source or a number was recalled, not read; see the register."
    return _page(
        f"{entry.id}  {entry.kind.replace('_', ' ')}, {entry.severity.value}, action: {entry.action}",
        (
            ("Says", _with_places(entry.text)),
            ("Unknown", _with_places(entry.unknown_text)),
            ("When", phrase(when, words)),
            ("Note", entry.note),
            ("Sources", "\n".join(_source(key) for key in sources)),
            ("Reviewed", f"{entry.reviewed}. {read}"),
        ),
    )


def _source(key: str) -> str:
    registered = source_register().get(key)
    if registered is None:
        return key
    where = f" {registered.address[0]}" if registered.address else ""
    return f"{key}: {registered.citation}{where}"
