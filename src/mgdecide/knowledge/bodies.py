"""The bodies of evidence: one file each; a judgement without a reason, an author or a date does not load."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.body_types import (
    CERTAINTIES,
    DIRECTIONS,
    DOMAINS,
    KINDS,
    LEVELS,
    POOLS,
    ROUTES,
    SIZES,
    Body,
    BodyEffect,
    BodyRow,
    BodyStudy,
    GradeDomain,
    PopulationCriterion,
    StoredPool,
    certainty_from,
)
from mgdecide.knowledge.reading import Entry, read_toml
from mgdecide.knowledge.scales import load_scales
from mgdecide.knowledge.studies import study_ids
from mgdecide.knowledge.study_backing import Backer, read_sources, whole

__all__ = ["Body", "load_bodies", "read_body"]


@cache
def load_bodies() -> tuple[Body, ...]:
    """Every body of evidence, in the order of ids.

    Raises:
        InvalidKnowledge: the codes of ``read_body``.
    """
    folder = files("mgdecide.knowledge").joinpath("bodies")
    found = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".toml")}
    return tuple(read_body(found[name].read_text(encoding="utf-8"), f"bodies/{name}") for name in sorted(found))


def read_body(text: str, path: str) -> Body:
    """The body of evidence in one TOML text.

    Raises:
        InvalidKnowledge: MGD-K209 not TOML; MGD-K201 a key missing (a reason, an author, a date), unknown or of the
            wrong kind; MGD-K204 a domain missing or given twice; MGD-K205 a figure without a source, a study that is
            not held; MGD-K207 a certainty that does not follow from the levels. All mistakes at once.
    """
    problems: list[Problem] = []
    table = read_toml(text, path)
    entry = Entry(table, path, problems)
    body = _body(entry, table.get("stored"))
    entry.done()
    if body.id != path.removesuffix(".toml").rpartition("/")[2]:
        entry.mistake("MGD-K201", "id", body.id, "the name of the file")
    if problems:
        raise InvalidKnowledge(problems)
    return body


def _body(entry: Entry, stored: object) -> Body:
    sources = read_sources(entry)
    held = frozenset(study_ids())
    start, domains = entry.word("start", CERTAINTIES), _domains(entry)
    return Body(
        id=entry.text("id"),
        question=entry.text("question"),
        order=entry.whole("order"),
        kind=entry.word("kind", KINDS),
        population=entry.text("population"),
        intervention=entry.text("intervention"),
        comparator=entry.text("comparator"),
        outcome=entry.text("outcome"),
        intervention_words=entry.text("intervention_words"),
        outcome_words=entry.text("outcome_words"),
        start=start,
        start_reason=entry.text("start_reason"),
        certainty=_certainty(entry, start, domains),
        certainty_note=entry.text("certainty_note", ""),
        size=entry.word("size", SIZES),
        direction=entry.word("direction", DIRECTIONS),
        rule=entry.text("rule"),
        participants=whole(entry, "participants"),
        studies=whole(entry, "studies"),
        effect=_effect(entry, Backer(held | sources.keys())) if entry.has("effect") else None,
        domains=domains,
        population_criteria=tuple(_criterion(each) for each in entry.tables("criterion")),
        members=tuple(_member(each, held) for each in entry.tables("study")),
        sources=sources,
        rows=tuple(_row(each, held) for each in entry.tables("row")),
        rows_note=entry.text("rows_note", ""),
        stored=_stored(entry, stored),
        no_data=entry.texts("no_data", ()),
        points_in=_scales(entry),
    )


def _scales(entry: Entry) -> tuple[str, ...]:
    """Scales of this release that hold a standard deviation."""
    held = {name for name, scale in load_scales().items() if scale.spread is not None}
    given = entry.texts("points_in", ())
    for name in given:
        if name not in held:
            entry.mistake(
                "MGD-K204", "points_in", name, f"a scale with a standard deviation: {', '.join(sorted(held))}"
            )
    return given


def _domains(entry: Entry) -> tuple[GradeDomain, ...]:
    author, date = entry.text("author", "") or None, entry.text("date", "") or None
    found = tuple(_domain(each, author, date) for each in entry.tables("domain"))
    given = [each.domain for each in found]
    for domain in DOMAINS:
        if given.count(domain) != 1:
            entry.mistake("MGD-K204", "domain", f"{given.count(domain)} times {domain}", "each GRADE domain once")
    return found


def _domain(entry: Entry, author: str | None, date: str | None) -> GradeDomain:
    """One judgement; author and date are those of the file unless it names its own."""
    domain, level = entry.word("domain", DOMAINS), entry.word("level", tuple(LEVELS))
    levels = -entry.whole("levels_down")
    if levels not in LEVELS[level]:
        allowed = " or ".join(str(-each) for each in LEVELS[level])
        entry.mistake("MGD-K207", "levels_down", str(-levels), f"{allowed} for {level}")
    found = GradeDomain(
        domain, level, levels, entry.text("reason"), entry.text("author", author), entry.text("date", date)
    )
    entry.done()
    return found


def _certainty(entry: Entry, start: str, domains: tuple[GradeDomain, ...]) -> str:
    """As written, once it is seen to follow from the start and the levels."""
    given, follows = entry.word("certainty", CERTAINTIES), certainty_from(start, sum(each.levels for each in domains))
    if given != follows:
        entry.mistake("MGD-K207", "certainty", given, f"{follows}, which follows from {start} and the levels")
    return given


def _effect(entry: Entry, back: Backer) -> BodyEffect:
    row = Entry(entry.table("effect"), f"{entry.path}: effect", entry.problems)
    numbers = {key: row.text(key) for key in ("estimate", "low", "high") if row.number(key) is not None}
    effect = BodyEffect(
        row.text("measure"),
        numbers["estimate"],
        numbers["low"],
        numbers["high"],
        row.text("printed", ""),
        row.text("unit", ""),
        row.text("note", ""),
        back(row),
    )
    row.done()
    return effect


def _criterion(entry: Entry) -> PopulationCriterion:
    found = PopulationCriterion(entry.text("text"), entry.table("requires"))
    entry.done()
    return found


def _member(entry: Entry, held: frozenset[str]) -> BodyStudy:
    found = BodyStudy(_held(entry, "study", held), entry.word("pool", POOLS), entry.text("why"))
    entry.done()
    return found


def _row(entry: Entry, held: frozenset[str]) -> BodyRow:
    via = entry.word("via", ROUTES)
    row = BodyRow(
        study=_held(entry, "study", held),
        outcome=entry.text("outcome"),
        pool=entry.word("pool", POOLS),
        via=via,
        treated=entry.text("treated"),
        control=entry.text("control"),
        n=(entry.whole("treated_n"), entry.whole("control_n")),
        direction=entry.word("direction", ("lower", "higher"), None if via == "p" else "lower"),
        assumed=entry.text("assumed", ""),
        yi=float(entry.number("yi")),
        vi=float(entry.number("vi")),
    )
    entry.done()
    return row


def _held(entry: Entry, key: str, held: frozenset[str]) -> str:
    id = entry.text(key)
    if id not in held:
        entry.mistake("MGD-K205", key, id, "a study of studies/*.toml", held)
    return id


def _stored(entry: Entry, given: object) -> tuple[StoredPool, ...]:
    """Pools as computed; their numbers are a program's and stay floats."""
    if given is None:
        return ()
    found: list[StoredPool] = []
    for name, row in entry.table("stored").items():
        each = Entry(row if isinstance(row, Mapping) else {}, f"{entry.path}: stored.{name}", entry.problems)
        methods = {method: values for method, values in each.table("methods").items() if isinstance(values, Mapping)}
        found.append(StoredPool(name, each.text("measure"), each.text("digest"), methods))
        each.done()
    return tuple(found)
