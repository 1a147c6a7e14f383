"""Reading knowledge tables: every mistake is collected with its file and key, and unknown keys are mistakes.

Numbers stand in TOML as strings: ``"0.70"`` keeps its digits, a float would not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path

from mgdecide.errors import InvalidKnowledge, Problem

KNOWLEDGE = Path(__file__).parent
"""The folder the knowledge files are shipped in."""

_MISSING = object()
_MOST_DOTS = 200
"""In one line. A key of n dotted parts takes tomllib n squared steps: one of 50 000 parts a minute."""


def nearest(given: str, names: Iterable[str]) -> str:
    """``"; nearest: a, b"`` for names that look like ``given``, or an empty string."""
    found = get_close_matches(given, names, n=3, cutoff=0.6)
    return f"; nearest: {', '.join(found)}" if found else ""


def read_toml(text: str, path: str) -> dict[str, object]:
    """Parse one TOML text.

    Raises:
        InvalidKnowledge: not TOML (MGD-K209), also when it is nested too deeply to read.
    """
    if is_dotted_deeply(text):
        raise InvalidKnowledge(Problem("MGD-K209", path, "a line with very many dots", "a TOML file"))
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: not TOML, or an integer of thousands of digits
        reason = str(error) or type(error).__name__
        raise InvalidKnowledge(Problem("MGD-K209", path, reason, "a TOML file")) from None


def is_dotted_deeply(text: str) -> bool:
    """Whether some line could hold a dotted key so long that reading it would take minutes."""
    return any(line.count(".") > _MOST_DOTS for line in text.split("\n"))


def read_files(paths: Iterable[Path]) -> dict[str, str]:
    """The texts of knowledge files by their name, in the order of the names."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(paths)}


def exact(given: object, *, integers: bool = False) -> Decimal | None:
    """A finite decimal from a string (or, if allowed, an integer); ``None`` for anything else, floats included."""
    if isinstance(given, int) and not isinstance(given, bool) and integers:
        return Decimal(given)
    if not isinstance(given, str) or len(given) > 40 or given != given.strip() or "_" in given:
        return None
    try:
        number = Decimal(given)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None


class Entry:
    """One table being read. Each getter notes a mistake in ``problems`` and gives back a harmless value."""

    def __init__(
        self,
        table: Mapping[str, object],
        path: str,
        problems: list[Problem],
        defaults: Mapping[str, object] | None = None,
    ) -> None:
        self.path = path
        self.problems = problems
        self._table = table
        self._defaults = defaults or {}
        self._asked: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the entry or its file's defaults say anything about ``key``."""
        return key in self._table or key in self._defaults

    def mistake(self, code: str, key: str, given: object, accepted: str) -> None:
        """Note one mistake under ``key``."""
        shown = given if isinstance(given, str) and code != "MGD-K202" else repr(given)
        self.problems.append(Problem(code, f"{self.path}.{key}"[:200], str(shown)[:120], accepted))

    def text(self, key: str, default: str | None = None) -> str:
        """A string that is not blank."""
        given = self._get(key, default)
        if isinstance(given, str) and (given.strip() or given == default):
            return given
        self._missing_or_wrong(key, given, "a text")
        return ""

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        given = self._get(key, default)
        if isinstance(given, bool):
            return given
        self._missing_or_wrong(key, given, "true or false")
        return default

    def word(self, key: str, words: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words."""
        given = self._get(key, default)
        if isinstance(given, str) and given in words:
            return given
        self._missing_or_wrong(key, given, f"one of {', '.join(words)}")
        return words[0]

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of strings, not empty unless the default is."""
        given = self._get(key, default)
        if (
            isinstance(given, list | tuple)
            and all(isinstance(each, str) and each for each in given)
            and (given or default == ())
        ):
            return tuple(given)
        self._missing_or_wrong(key, given, "a list of texts, at least one")
        return ()

    def sources(self, known: frozenset[str] | None) -> tuple[str, ...]:
        """The source keys; at least one, and each of them known if the known ones are given."""
        keys = () if self._get("source", _MISSING) is _MISSING else self.texts("source")
        if not self.has("source"):
            self.mistake("MGD-K205", "source", "none", "at least one key of sources/*.toml")
        for key in keys:
            if known is not None and key not in known:
                self.mistake("MGD-K205", "source", key, "a key of sources/*.toml" + nearest(key, known))
        return keys

    def whole(self, key: str) -> int:
        """A whole number that is not negative, written as a TOML integer."""
        given = self._get(key, None)
        if isinstance(given, int) and not isinstance(given, bool) and given >= 0:
            return given
        self._missing_or_wrong(key, given, "a whole number")
        return 0

    def rows(self, key: str) -> list[list[object]]:
        """A list of lists, at least one."""
        given = self._get(key, None)
        if isinstance(given, list) and given and all(isinstance(row, list) for row in given):
            return given
        self._missing_or_wrong(key, given, "a list of rows")
        return []

    def number(self, key: str, default: str | None = None) -> Decimal:
        """A decimal number written as a string."""
        given = self._get(key, default)
        number = exact(given)
        if number is None:
            self._wrong_number(key, given)
            return Decimal(0)
        return number

    def numbers(self, key: str) -> dict[str, Decimal]:
        """A table of unit to number, at least one."""
        given = self._get(key, None)
        if not isinstance(given, Mapping) or not given:
            self._missing_or_wrong(key, given, 'a table of unit and number in quotes, such as { "mmol/L" = "0.70" }')
            return {}
        found: dict[str, Decimal] = {}
        for unit, edge in given.items():
            number = exact(edge)
            if number is None:
                self._wrong_number(f"{key}.{unit}", edge)
            else:
                found[str(unit)] = number
        return found

    def table(self, key: str) -> Mapping[str, object]:
        """A table."""
        given = self._get(key, None)
        if isinstance(given, Mapping):
            return given
        self._missing_or_wrong(key, given, "a table")
        return {}

    def tables(self, key: str) -> Iterator[Entry]:
        """The entries of a list of tables; none if the key is absent."""
        given = self._get(key, ())
        if not isinstance(given, list | tuple) or not all(isinstance(each, Mapping) for each in given):
            self._missing_or_wrong(key, given, "a list of tables")
            return
        for index, each in enumerate(given):
            yield Entry(each, f"{self.path}.{key}[{index}]", self.problems)

    def done(self) -> None:
        """Note every key of the entry that nobody asked for."""
        for key in self._table:
            if key not in self._asked:
                self.mistake(
                    "MGD-K201", key, f"an unknown key {key!r}", "a key that belongs here" + nearest(key, self._asked)
                )

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        if key in self._table:
            return self._table[key]
        return self._defaults.get(key, default)

    def _missing_or_wrong(self, key: str, given: object, accepted: str) -> None:
        self.mistake("MGD-K201", key, "nothing" if given is None else repr(given), accepted)

    def _wrong_number(self, key: str, given: object) -> None:
        hint = " (a float loses its digits: put it in quotes)" if isinstance(given, float) else ""
        self.mistake("MGD-K202", key, given, f'a finite decimal number in quotes, such as "0.70"{hint}')


def entries(table: Mapping[str, object], key: str, path: str, problems: list[Problem]) -> Iterator[Entry]:
    """The entries of one kind in a file, each with the file's ``[defaults]`` behind it."""
    defaults = table.get("defaults", {})
    listed = table.get(key, [])
    if not isinstance(listed, list) or not isinstance(defaults, Mapping):
        problems.append(Problem("MGD-K201", f"{path}: {key}", type(listed).__name__, "a list of tables"))
        return
    for index, each in enumerate(listed):
        if not isinstance(each, Mapping):
            problems.append(Problem("MGD-K201", f"{path}: {key}[{index}]", repr(each)[:120], "a table"))
            continue
        name = each.get("id", each.get("fact", index))
        yield Entry(each, f"{path}: {key} {name}", problems, defaults)
