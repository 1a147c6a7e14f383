"""A site's own limits, locale and crisis line, laid over an edition.

    name = "North Hospital"          version = "3"          approver = "Dr A. Example"
    locale = "EU"                    crisis_line = "Call 116 123"

    [limits]
    "oral-magnesium.kidney-stop" = { "mL/min/1.73m2" = "45" }

An override gives either every unit the limit is printed in, or one unit of its fact, from which the others are
converted exactly; anything between is refused, since it would mix new edges with old ones. Where a limit may only
become stricter, the units that were written must not loosen it, and a unit that was converted keeps its default edge
if that is the stricter one (a default of 2.06 mmol/L is printed as 5.0 mg/dL, not as 5.007). Numbers are text or whole
numbers, never floats. Every mistake is reported at once, and what was changed is kept by id, default and new value.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal

from attrs import evolve, frozen

from mgdecide.errors import InvalidOverlay, Problem
from mgdecide.knowledge.limit_types import Limit, Limits
from mgdecide.knowledge.limits import all_limits
from mgdecide.knowledge.reading import enough, exact, is_dotted_deeply, nearest

SITE_SOURCE = "site-overlay"
"""The source a changed limit cites: the site itself, named in the provenance."""

_KEYS = ("name", "version", "approver", "locale", "crisis_line", "limits")
_LONGEST_TEXT = 300
_LONGEST_FILE = 200_000


@frozen
class Changed:
    """One limit a site changed: the edges printed by default (of a choice: those of its default) and the site's."""

    id: str
    default: Mapping[str, Decimal]
    site: Mapping[str, Decimal]

    def to_record(self) -> dict[str, object]:
        """The JSON shape, with every edge as text."""
        return {
            "id": self.id,
            "default": {unit: f"{edge:f}" for unit, edge in self.default.items()},
            "site": {unit: f"{edge:f}" for unit, edge in self.site.items()},
        }


@frozen
class Overlay:
    """What a site changed and who stands for it. ``limits`` are the whole limits to use in place of the edition's."""

    name: str
    version: str
    approver: str
    locale: str | None
    crisis_line: str | None
    limits: Mapping[str, Limit]
    changed: tuple[Changed, ...]

    def over(self, limits: Mapping[str, Limit]) -> dict[str, Limit]:
        """The limits of an edition with the site's in their place."""
        return {**limits, **self.limits}

    def to_record(self) -> dict[str, object]:
        """The JSON shape printed in the provenance of every answer."""
        record: dict[str, object] = {"name": self.name, "version": self.version, "approver": self.approver}
        if self.locale is not None:
            record["locale"] = self.locale
        if self.crisis_line is not None:
            record["crisis_line"] = self.crisis_line
        return record | {"limits": [changed.to_record() for changed in self.changed]}


def read_overlay(given: str | Mapping[str, object], limits: Limits | None = None) -> Overlay:
    """Read and check an overlay from TOML text, or from a mapping of the same shape.

    Args:
        limits: the edition it is laid over; the one this release ships if None.

    Raises:
        InvalidOverlay: not TOML (MGD-O101), a key, text or locale that cannot be used (MGD-O102), no such limit
            (MGD-O103), a limit that no site may change (MGD-O104) or that is locked (MGD-O105), the forbidden
            direction (MGD-O106), a unit (MGD-O107) or a number (MGD-O108) that does not fit, units given in part
            (MGD-O109), or limits that would no longer rise (MGD-O110).
    """
    reader = _Reader(limits if limits is not None else all_limits())
    overlay = reader.overlay(_table(given) if isinstance(given, str) else given)
    if reader.problems:
        raise InvalidOverlay(reader.problems)
    return overlay


def _table(text: str) -> dict[str, object]:
    if len(text) > _LONGEST_FILE:
        raise InvalidOverlay(Problem("MGD-O101", "", f"{len(text)} characters", f"at most {_LONGEST_FILE}"))
    if is_dotted_deeply(text):
        raise InvalidOverlay(Problem("MGD-O101", "", "a line with very many dots", "a site overlay in TOML"))
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: not TOML, or an integer of thousands of digits
        raise InvalidOverlay(
            Problem("MGD-O101", "", str(error) or type(error).__name__, "a site overlay in TOML")
        ) from None


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.all = limits
        self.problems: list[Problem] = []

    def overlay(self, table: Mapping[str, object]) -> Overlay:
        for key in table:
            if key not in _KEYS and not enough(self.problems):
                accepted = f"one of {', '.join(_KEYS)}{nearest(str(key), _KEYS)}"
                self._mistake("MGD-O102", str(key), str(key), accepted)
        name, version, approver = (self._text(table, key, True) or "" for key in ("name", "version", "approver"))
        locale, crisis_line = self._locale(table), self._text(table, "crisis_line", False)
        changed = {**self._choices(locale), **self._overrides(table.get("limits", {}))}
        self._order(changed)
        return Overlay(
            name=name,
            version=version,
            approver=approver,
            locale=locale,
            crisis_line=crisis_line,
            limits=changed,
            changed=tuple(self._change(id, limit) for id, limit in sorted(changed.items())),
        )

    def _change(self, id: str, limit: Limit) -> Changed:
        return Changed(id, self.all.limits[id].printed, limit.printed)

    # --- name, locale, crisis line ------------------------------------------------------------------------------

    def _text(self, table: Mapping[str, object], key: str, required: bool) -> str | None:
        given = table.get(key)
        if given is None and not required:
            return None
        if isinstance(given, str) and given.strip() and len(given) <= _LONGEST_TEXT and given.isprintable():
            return given
        shown = "nothing" if given is None else repr(given)
        self._mistake("MGD-O102", key, shown, f"one line of text, at most {_LONGEST_TEXT} characters")
        return None

    def _locale(self, table: Mapping[str, object]) -> str | None:
        given = table.get("locale")
        known = sorted({locale for choice in self.all.choices.values() for locale in choice.by_locale})
        if given is None or (isinstance(given, str) and given in known):
            return given
        self._mistake("MGD-O102", "locale", repr(given), f"one of {', '.join(known)}")
        return None

    def _choices(self, locale: str | None) -> dict[str, Limit]:
        choices = self.all.choices.values()
        return {
            each.id: self.all.chosen(each, locale) for each in choices if locale is not None and locale != each.default
        }

    # --- limits ---------------------------------------------------------------------------------------------------

    def _overrides(self, given: object) -> dict[str, Limit]:
        if not isinstance(given, Mapping):
            self._mistake("MGD-O102", "limits", repr(given), "a table of limit ids")
            return {}
        found = {}
        for id, edges in given.items():
            limit = self._allowed(str(id))
            if limit is not None:
                changed = self._override(limit, edges)
                if changed is not None:
                    found[limit.id] = changed
        return found

    def _allowed(self, id: str) -> Limit | None:
        limit = self.all.limits.get(id)
        if enough(self.problems):
            return None
        if limit is None:
            names = [each.id for each in self.all.limits.values() if each.overridable]
            self._mistake("MGD-O103", f"limits.{id}", id, f"the id of a limit a site may change{nearest(id, names)}")
        elif limit.locked:
            self._mistake("MGD-O105", f"limits.{id}", "an override", "nothing: this limit is locked for every site")
        elif not limit.overridable:
            accepted = "nothing: a published definition or a policy of the library"
            if id in self.all.choices:
                accepted = f"nothing here: set locale to one of {', '.join(self.all.choices[id].by_locale)}"
            self._mistake("MGD-O104", f"limits.{id}", "an override", accepted)
        else:
            return limit
        return None

    def _override(self, limit: Limit, given: object) -> Limit | None:
        path, before = f"limits.{limit.id}", len(self.problems)
        if not isinstance(given, Mapping) or not given:
            unit = limit.base
            accepted = f'a table of unit and number, such as {{ "{unit}" = "{limit.printed[unit]:f}" }}'
            self._mistake("MGD-O108", path, repr(given), accepted)
            return None
        written = {str(unit): self._edge(limit, str(unit), edge) for unit, edge in given.items()}
        if len(written) > 1 and not set(limit.printed) <= set(written):
            accepted = f"one unit, or at least {', '.join(limit.printed)}"
            self._mistake("MGD-O109", path, ", ".join(written), accepted)
        if len(self.problems) > before:
            return None
        printed = {unit: edge for unit, edge in written.items() if edge is not None}
        base = limit.base if limit.base in printed else next(iter(printed))
        edges = self.all.conversions.spread(limit.fact, printed, base, limit.derive)
        for unit, edge in edges.items():
            if unit not in printed and unit in limit.edges and limit.loosens(unit, edge):
                edges[unit] = limit.edges[unit]
        return evolve(
            limit,
            printed=printed,
            edges=edges,
            base=base,
            sources=(SITE_SOURCE,),
            verified=True,
            site_only=False,
        )

    def _edge(self, limit: Limit, unit: str, given: object) -> Decimal | None:
        path = f"limits.{limit.id}.{unit}"
        if not self.all.conversions.allows(limit.fact, unit) or (limit.edges and unit not in limit.edges):
            units = ", ".join(limit.edges or self.all.conversions.units(limit.fact))
            self._mistake("MGD-O107", path, unit, f"a unit of {limit.fact}: {units}")
            return None
        edge = exact(given, integers=True)
        if edge is None:
            self._mistake("MGD-O108", path, repr(given), 'a number in quotes, such as "45", or a whole number')
            return None
        if not self._plausible(limit, unit, edge, path):
            return None
        if unit in limit.edges and limit.loosens(unit, edge):
            accepted = f"{limit.edges[unit]:f} {unit} or {limit.stricter}: this limit may only become stricter"
            self._mistake("MGD-O106", path, f"{edge:f} {unit}", accepted)
            return None
        return edge

    def _plausible(self, limit: Limit, unit: str, edge: Decimal, path: str) -> bool:
        bounds = self.all.plausible(limit.fact)
        if bounds is None or unit not in bounds[0].edges:
            low, high = Decimal(0), None
        else:
            low, high = bounds[0].edges[unit], bounds[1].edges[unit]
        if low <= edge and (high is None or edge <= high):
            return True
        accepted = f"at least {low:.6g} {unit}" if high is None else f"from {low:.6g} to {high:.6g} {unit}"
        self._mistake("MGD-O108", path, f"{edge:f} {unit}", accepted)
        return False

    def _order(self, changed: Mapping[str, Limit]) -> None:
        edges, seen = {**self.all.limits, **changed}, set()
        for low, high, unit in self.all.with_limits(changed).disorder():
            if (low, high) not in seen:
                seen.add((low, high))
                given = f"{edges[low].edges[unit]:.6g} {unit}, not below {high} at {edges[high].edges[unit]:.6g} {unit}"
                self._mistake("MGD-O110", f"limits.{low}", given, "limits that rise in every unit")

    def _mistake(self, code: str, path: str, given: str, accepted: str) -> None:
        self.problems.append(Problem(code, path[:200], given[:200], accepted))
