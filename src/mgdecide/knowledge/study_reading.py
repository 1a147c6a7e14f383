"""One study file into a ``Study``: every mistake named with file and key, and no figure without its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.reading import Entry, exact, read_toml
from mgdecide.knowledge.study_backing import Backer, read_sources, whole
from mgdecide.knowledge.study_results import read_arms, read_claims, read_outcomes
from mgdecide.knowledge.study_types import (
    BASES,
    BLINDING,
    KINDS,
    ROLES,
    Backing,
    Citation,
    Criterion,
    Design,
    DoseReading,
    Expression,
    Flag,
    Population,
    RiskOfBias,
    Source,
    Statement,
    Study,
    StudyDose,
)

T = TypeVar("T")

FAMILIES = (
    "oral magnesium in depression",
    "magnesium orotate with a probiotic",
    "intravenous magnesium in depression",
    "ketamine",
    "other populations",
    "case series",
    "mania and bipolar disorder",
    "premenstrual syndrome",
    "attention deficit hyperactivity disorder",
    "addiction",
    "magnesium in blood and cells",
    "observational",
    "genetics",
    "systematic reviews",
    "narrative reviews",
    "zinc",
    "selenium",
    "iron",
)
ABOUT = (
    "comparator",
    "adverse events",
    "dropouts",
    "adherence",
    "funding",
    "serum magnesium",
    "conflict between sources",
    "registration",
    "note",
    "how to use it",
)
_ROUTES = ("oral", "intravenous", "intramuscular", "intravenous, then oral", "not stated")
_BIAS = ("low", "some concerns", "high", "no information")
_BIAS_DOMAINS = ("randomisation", "deviations", "missing_data", "measurement", "selection")
_ALL = "eligibility"
_UNREAD: Mapping[str, tuple[str, str]] = {
    _ALL: ("inclusion", "Eligibility could not be read in a source"),
    "inclusion": ("inclusion", "Further inclusion criteria could not be read in a source"),
    "exclusion": ("exclusion", "The exclusion criteria could not be read in a source"),
}


def read_study(text: str, path: str) -> Study:
    """The study in one TOML text.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing, unknown or of the wrong kind; MGD-K202 a number
            that is not one; MGD-K205 something without a source. All mistakes at once.
    """
    problems: list[Problem] = []
    table = read_toml(text, path)
    entry = Entry(table, path, problems)
    sources = read_sources(entry)
    checks = _checks(entry, table.get("check"))
    study = _study(entry, sources, Backer(frozenset(sources)), checks)
    entry.done()
    if study.id != path.removesuffix(".toml").rpartition("/")[2]:
        entry.mistake("MGD-K201", "id", study.id, "the name of the file")
    if problems:
        raise InvalidKnowledge(problems)
    return study


def _study(
    entry: Entry, sources: Mapping[str, Source], back: Backer, checks: tuple[Mapping[str, object], ...]
) -> Study:
    unread = entry.word("unread", ("", *_UNREAD), "")
    role = entry.word("role", ROLES)
    return Study(
        id=entry.text("id"),
        family=entry.word("family", FAMILIES),
        role=role,
        body=entry.text("body", None if role == "regimen" else ""),
        result=entry.text("result", None if role == "regimen" else ""),
        citation=_one(entry, "citation", _citation, back),
        sources=sources,
        design=_one(entry, "design", _design, back),
        population=_maybe(entry, "population", _population, back),
        criteria=_criteria(entry, unread, back),
        criteria_known=not unread,
        dose=_maybe(entry, "dose", _dose, back),
        comparator=_maybe(entry, "comparator", _comparator, back),
        flags=tuple(_closed(each, _flag, back) for each in entry.tables("flag")),
        arms=read_arms(entry, back),
        outcomes=read_outcomes(entry, back),
        claims=read_claims(entry, back),
        statements=tuple(_closed(each, _statement, back) for each in entry.tables("statement")),
        risk_of_bias=_maybe(entry, "risk_of_bias", _risk_of_bias, back),
        checks=checks,
        not_found=entry.texts("not_found", ()),
    )


def _one(entry: Entry, key: str, read: Callable[[Entry, Backer], T], back: Backer) -> T:
    return _closed(Entry(entry.table(key), f"{entry.path}: {key}", entry.problems), read, back)


def _maybe(entry: Entry, key: str, read: Callable[[Entry, Backer], T], back: Backer) -> T | None:
    return _one(entry, key, read, back) if entry.has(key) else None


def _closed(entry: Entry, read: Callable[[Entry, Backer], T], back: Backer) -> T:
    value = read(entry, back)
    entry.done()
    return value


def _citation(entry: Entry, back: Backer) -> Citation:
    return Citation(
        text=entry.text("text"),
        year=whole(entry, "year"),
        country=entry.text("country", ""),
        doi=entry.text("doi", ""),
        pmid=entry.text("pmid", ""),
        pmcid=entry.text("pmcid", ""),
        registry=entry.text("registry", ""),
        backing=back(entry),
        recalled=entry.texts("recalled", ()),
    )


def _design(entry: Entry, back: Backer) -> Design:
    return Design(
        type=entry.text("type"),
        backing=back(entry),
        blinding=entry.word("blinding", BLINDING, "not read"),
        blinding_text=entry.text("blinding_text", ""),
        analysis=entry.text("analysis", ""),
        control=entry.text("control", ""),
    )


def _population(entry: Entry, back: Backer) -> Population:
    return Population(
        text=entry.text("text"),
        backing=back(entry),
        age=entry.text("age", ""),
        sex=entry.text("sex", ""),
        antidepressants=entry.text("antidepressants", ""),
        baseline_magnesium=entry.text("baseline_magnesium", ""),
    )


def _criteria(entry: Entry, unread: str, back: Backer) -> tuple[Criterion, ...]:
    found = [_closed(each, _criterion, back) for each in entry.tables("criterion")]
    if unread:
        kind, text = _UNREAD[unread]
        found.append(Criterion(kind, text, None, None, "not found", Backing("verified", ())))
    return tuple(found)


def _criterion(entry: Entry, back: Backer) -> Criterion:
    askable = entry.flag("askable", True)
    requires = _expression(entry, "requires") if askable else None
    return Criterion(
        kind=entry.word("kind", KINDS),
        text=entry.text("text"),
        requires=requires,
        applies_if=_expression(entry, "applies_if") if entry.has("applies_if") else None,
        reason=entry.text("reason", "" if askable else None),
        backing=back(entry),
    )


def _expression(entry: Entry, key: str) -> Expression:
    """Kept as it stands; ``expressions.question_from`` checks it against the catalogue when rules are compiled."""
    return entry.table(key)


def _dose(entry: Entry, back: Backer) -> StudyDose:
    return StudyDose(
        stated=entry.text("stated"),
        salt=entry.text("salt"),
        forms=entry.texts("forms", ()),
        basis=entry.word("basis", BASES),
        route=entry.word("route", _ROUTES),
        weeks=float(entry.number("weeks")) if entry.has("weeks") else None,
        times_per_day=whole(entry, "times_per_day"),
        readings=tuple(_closed(each, _reading, back) for each in entry.tables("reading")),
        stated_elemental_mg=entry.text("stated_elemental_mg", ""),
        with_other=entry.text("with_other", ""),
        note=entry.text("note", ""),
        backing=back(entry),
    )


def _reading(entry: Entry, _back: Backer) -> DoseReading:
    reading = DoseReading(entry.text("form"), entry.text("mg"), entry.text("elemental_mg"))
    for key, shown in (("mg", reading.mg), ("elemental_mg", reading.elemental_mg)):
        number = exact(shown)
        if number is None or number <= 0:
            entry.mistake("MGD-K202", key, shown, 'milligrams above zero in quotes, such as "301.5"')
    return reading


def _comparator(entry: Entry, back: Backer) -> Statement:
    return Statement("comparator", entry.text("text"), back(entry))


def _statement(entry: Entry, back: Backer) -> Statement:
    return Statement(entry.word("about", ABOUT), entry.text("text"), back(entry))


def _flag(entry: Entry, back: Backer) -> Flag:
    return Flag(entry.text("text"), back(entry))


def _risk_of_bias(entry: Entry, _back: Backer) -> RiskOfBias:
    return RiskOfBias(
        author=entry.text("author"),
        date=entry.text("date"),
        overall=entry.word("overall", _BIAS),
        domains=tuple((domain, entry.word(domain, _BIAS)) for domain in _BIAS_DOMAINS),
        reason=entry.text("reason"),
    )


def _checks(entry: Entry, listed: object) -> tuple[Mapping[str, object], ...]:
    """Checks of printed numbers, written down as data; ``evidence.forensic.declared`` runs them."""
    for each in entry.tables("check"):
        for key in ("check", "what", "source"):
            each.text(key)
    return tuple(each for each in listed if isinstance(each, Mapping)) if isinstance(listed, list) else ()
