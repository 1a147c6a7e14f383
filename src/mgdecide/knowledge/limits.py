"""Loading limits/*.toml: refuses an entry without source, unit or id, a float, a unit its fact does not have.

Kinds of entry: ``[[limit]]``, ``[[span]]`` (two limits, ``<id>.low`` and ``<id>.high``), ``[[plausible]]`` (a span
named after its fact), ``[[coefficient]]``, ``[[choice]]`` (by locale) and ``[[order]]`` (ids whose edges must rise in
every unit). ``[defaults]`` fills what the entries of a file leave out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import cast

from attrs import define, field

from mgdecide.errors import InvalidKnowledge, Problem
from mgdecide.knowledge.conversions import Conversions, Derive, conversions
from mgdecide.knowledge.limit_types import Choice, Coefficient, Limit, Limits, Span, Stricter
from mgdecide.knowledge.reading import KNOWLEDGE, Entry, enough, entries, nearest, read_files, read_toml
from mgdecide.knowledge.scale_limits import scale_limits
from mgdecide.knowledge.scales import load_scales

__all__ = ["Coefficient", "Limit", "Limits", "Span", "all_limits", "load_coefficients", "load_limits", "read_limits"]

_KINDS = ("defaults", "limit", "span", "plausible", "coefficient", "choice", "order")


def load_limits() -> dict[str, Limit]:
    """Every limit this release ships, by id: those of limits/*.toml, of scales.toml, and the choices by locale.

    Raises:
        InvalidKnowledge: see ``read_limits``.
    """
    return dict(all_limits().limits)


def load_coefficients() -> dict[str, Coefficient]:
    """Every coefficient this release ships, by id."""
    return dict(all_limits().coefficients)


@cache
def all_limits() -> Limits:
    """Limits, coefficients, spans and orders this release ships; read once."""
    texts = read_files((KNOWLEDGE / "limits").glob("*.toml"))
    return read_limits(texts, conversions(), scale_limits(load_scales()))


def read_limits(
    texts: Mapping[str, str],
    units: Conversions,
    extra: Iterable[Limit | Span] = (),
    known_sources: frozenset[str] | None = None,
) -> Limits:
    """Read limits from TOML texts by file name, with ``extra`` ones beside them.

    Raises:
        InvalidKnowledge: every mistake in every file, each with file, entry and key (codes MGD-K201 to MGD-K209).
    """
    reader = _Reader(units, known_sources)
    for path, text in texts.items():
        reader.file(read_toml(text, path), path)
    for each in extra:
        reader.add_span(each, "extra") if isinstance(each, Span) else reader.add(each, "extra")
    limits = reader.result()
    if reader.problems:
        raise InvalidKnowledge(reader.problems)
    return limits


@define
class _Reader:
    conversions: Conversions
    known: frozenset[str] | None
    problems: list[Problem] = field(factory=list)
    limits: dict[str, Limit] = field(factory=dict)
    spans: dict[str, Span] = field(factory=dict)
    coefficients: dict[str, Coefficient] = field(factory=dict)
    choices: dict[str, Choice] = field(factory=dict)
    orders: list[tuple[str, tuple[str, ...]]] = field(factory=list)

    def file(self, table: Mapping[str, object], path: str) -> None:
        for kind in table:
            if kind not in _KINDS and not enough(self.problems):
                accepted = f"one of {', '.join(_KINDS)}{nearest(kind, _KINDS)}"
                self.problems.append(Problem("MGD-K201", path, kind[:120], accepted))
        for entry in entries(table, "limit", path, self.problems):
            self.add(self._limit(entry, entry.text("id"), entry.text("meaning"), "edges"), entry.path)
            entry.done()
        for entry in entries(table, "span", path, self.problems):
            self._span(entry, entry.text("id"), entry.text("meaning"))
        for entry in entries(table, "plausible", path, self.problems):
            fact = entry.text("fact")
            self._span(entry, f"plausible.{fact}", f"Plausible values of {fact}, both ends included.")
        for entry in entries(table, "coefficient", path, self.problems):
            self._coefficient(entry)
        for entry in entries(table, "choice", path, self.problems):
            self._choice(entry)
        for entry in entries({"order": table.get("order", [])}, "order", path, self.problems):
            self.orders.append((path, entry.texts("ids")))
            entry.done()

    def add(self, limit: Limit, path: str) -> None:
        if limit.id in self.limits:
            self.problems.append(Problem("MGD-K204", path, limit.id, "an id that is not taken"))
        self.limits[limit.id] = limit

    def add_span(self, span: Span, path: str) -> None:
        if span.id in self.spans:
            self.problems.append(Problem("MGD-K204", path, span.id, "an id that is not taken"))
        self.spans[span.id] = span

    def result(self) -> Limits:
        orders = [ids for path, ids in self.orders if self._known_ids(ids, f"{path}: order")]
        for choice in self.choices.values():
            self._known_ids(tuple(choice.by_locale.values()), f"choice {choice.id}")
        limits = Limits(self.conversions, self.limits, self.spans, self.coefficients, self.choices, tuple(orders))
        if not self.problems:
            limits = limits.with_limits(
                {choice.id: limits.chosen(choice, choice.default) for choice in self.choices.values()}
            )
            self.problems += [
                Problem("MGD-K207", low, f"not below {high} in {unit}", "edges that rise in every unit")
                for low, high, unit in limits.disorder()
            ]
        return limits

    def _known_ids(self, ids: tuple[str, ...], path: str) -> bool:
        unknown = [id for id in ids if id not in self.limits]
        self.problems += [
            Problem("MGD-K208", path[:200], id[:120], f"the id of a limit{nearest(id, self.limits)}")
            for id in ([] if enough(self.problems) else unknown[:20])
        ]
        return not unknown

    def _span(self, entry: Entry, id: str, meaning: str) -> None:
        for side in ("low", "high"):
            self.add(self._limit(entry, f"{id}.{side}", f"{meaning} The {side} end.", side), entry.path)
        self.add_span(Span(id, meaning, f"{id}.low", f"{id}.high"), entry.path)
        entry.done()

    def _limit(self, entry: Entry, id: str, meaning: str, key: str) -> Limit:
        fact, printed = entry.text("fact"), entry.numbers(key)
        for unit in printed:
            if not self.conversions.allows(fact, unit):
                accepted = ", ".join(self.conversions.units(fact)) or ", ".join(sorted(self.conversions.plain))
                entry.mistake("MGD-K203", key, unit, f"a unit of {fact}: {accepted}")
        derive = cast(Derive, entry.word("derive", ("all", "decimal", "none"), "all"))
        base = self._base(entry, printed, derive, key)
        site_only = entry.flag("site_only", False)
        usable = all(self.conversions.allows(fact, unit) for unit in printed) and base in printed and not site_only
        overridable, stricter = entry.flag("overridable", False), entry.text("stricter", "")
        locked = entry.flag("locked", False)
        if stricter not in ("", "higher", "lower"):
            entry.mistake("MGD-K201", "stricter", stricter, "higher or lower")
        if (locked and overridable) or (stricter and not overridable):
            entry.mistake("MGD-K206", "overridable", overridable, "overridable, perhaps with stricter; or locked")
        return Limit(
            id=id,
            meaning=meaning,
            fact=fact,
            printed=printed,
            edges=self.conversions.spread(fact, printed, base, derive) if usable else {},
            base=base,
            derive=derive,
            edition=entry.text("edition"),
            sources=entry.sources(self.known),
            verified=entry.flag("verified", False),
            overridable=overridable,
            stricter=cast(Stricter, stricter) if stricter else None,
            locked=locked,
            site_only=site_only,
            note=entry.text("note", ""),
        )

    def _base(self, entry: Entry, printed: Mapping[str, Decimal], derive: Derive, key: str) -> str:
        only = next(iter(printed), "")
        if derive != "all":
            return only
        base = entry.text("base", only)
        if printed and base not in printed:
            # A file's default base does not bind a single printed unit: there is nothing to choose from.
            if len(printed) == 1:
                return only
            entry.mistake("MGD-K206", "base", base, f"one of the printed units: {', '.join(printed)}")
        elif len(printed) > 1 and not entry.has("base") and self.conversions.units(entry.text("fact")):
            entry.mistake("MGD-K206", key, "several printed units", "base: the unit the others are derived from")
        return base

    def _coefficient(self, entry: Entry) -> None:
        found = Coefficient(
            id=entry.text("id"),
            meaning=entry.text("meaning"),
            value=entry.number("value"),
            unit=entry.text("unit"),
            edition=entry.text("edition"),
            sources=entry.sources(self.known),
            verified=entry.flag("verified", False),
            note=entry.text("note", ""),
        )
        entry.done()
        if found.id in self.coefficients or found.id in self.limits:
            entry.mistake("MGD-K204", "id", found.id, "an id that is not taken")
        self.coefficients[found.id] = found

    def _choice(self, entry: Entry) -> None:
        targets = {str(locale): str(id) for locale, id in entry.table("by_locale").items()}
        default = entry.word("default", tuple(targets) or ("US",))
        found = Choice(entry.text("id"), entry.text("meaning"), targets, default)
        entry.done()
        if found.id in self.choices or found.id in self.limits:
            entry.mistake("MGD-K204", "id", found.id, "an id that is not taken")
        self.choices[found.id] = found
