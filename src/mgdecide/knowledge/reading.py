"""Reading knowledge tables: every mistake is collected with its file and key, and unknown keys are mistakes.

Numbers stand in TOML as strings: ``"0.70"`` keeps its digits, a float would not.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import TypeGuard, TypeVar

from mgdecide.errors import InvalidKnowledge, Problem

KNOWLEDGE = Path(__file__).parent
"""The folder the knowledge files are shipped in."""

T = TypeVar("T")

_MOST_DOTS = 200
"""In one line. A key of n dotted parts takes tomllib n squared steps: one of 50 000 parts a minute."""
_LONGEST_FILE = 2_000_000
"""Characters; the longest file we ship has 70 000."""
_LONGEST_NAME = 200
_MOST = 10**9
"""No whole number of a knowledge file is as large: they count items, people and years."""
_TOO_LARGE = 10**30
_MOST_NAMES = 5_000
_MOST_MISTAKES = 200
"""In one file. Who reads two hundred reads the file anew, and each costs a search for the nearest name."""


def nearest(given: str, names: Iterable[str]) -> str:
    """``"; nearest: a, b"`` for names that look like ``given``, or an empty string."""
    listed = list(islice(names, _MOST_NAMES + 1))
    if len(given) > _LONGEST_NAME or len(listed) > _MOST_NAMES:
        return ""
    found = get_close_matches(given, listed, n=3, cutoff=0.6)
    return f"; nearest: {', '.join(found)}" if found else ""


def enough(problems: list[Problem]) -> bool:
    """Whether so many mistakes are noted that no more need be."""
    return len(problems) >= _MOST_MISTAKES


def read_toml(text: str, path: str) -> dict[str, object]:
    """Parse one TOML text.

    Raises:
        InvalidKnowledge: not TOML (MGD-K209), also when it is too long or nested too deeply to read.
    """
    path = path[:_LONGEST_NAME]
    if len(text) > _LONGEST_FILE:
        raise InvalidKnowledge(Problem("MGD-K209", path, f"{len(text)} characters", f"at most {_LONGEST_FILE}"))
    if is_dotted_deeply(text):
        raise InvalidKnowledge(Problem("MGD-K209", path, "a line with very many dots", "a TOML file"))
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: not TOML, or an integer of thousands of digits
        reason = str(error) or type(error).__name__
        raise InvalidKnowledge(Problem("MGD-K209", path, reason[:200], "a TOML file")) from None


def read_table(text: str, path: str, read: Callable[[Entry], T]) -> T:
    """What ``read`` makes of one TOML text. Every mistake that it notes is told at once.

    ``read`` goes on after a mistake with the harmless value that the getter gave it, and must bear that value.

    Raises:
        InvalidKnowledge: not TOML (MGD-K209); a key that is missing, of the wrong kind (MGD-K201, MGD-K202) or that
            nobody asked for (MGD-K201); whatever ``read`` notes.
    """
    problems: list[Problem] = []
    entry = Entry(read_toml(text, path), path, problems)
    found = read(entry)
    entry.done()
    if problems:
        raise InvalidKnowledge(problems)
    return found


def is_dotted_deeply(text: str) -> bool:
    """Whether some line could hold a dotted key so long that reading it would take minutes."""
    return any(line.count(".") > _MOST_DOTS for line in text.split("\n"))


def read_files(paths: Iterable[Path]) -> dict[str, str]:
    """The texts of knowledge files by their name, in the order of the names."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(paths)}


def exact(given: object, *, integers: bool = False) -> Decimal | None:
    """A finite decimal from a string (or, if allowed, an integer); ``None`` for anything else, floats included."""
    if isinstance(given, int) and not isinstance(given, bool) and integers:
        number = Decimal(given) if abs(given) < _TOO_LARGE else None
    elif not isinstance(given, str) or len(given) > 40 or given != given.strip() or "_" in given:
        return None
    else:
        try:
            number = Decimal(given)
        except InvalidOperation:
            return None
    return number if number is not None and number.is_finite() and abs(number.adjusted()) < 30 else None


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

    def __iter__(self) -> Iterator[str]:
        """The keys of the entry itself."""
        return iter(self._table)

    def has(self, key: str) -> bool:
        """Whether the entry or its file's defaults say anything about ``key``."""
        return key in self._table or key in self._defaults

    def mistake(self, code: str, key: str, given: object, accepted: str, near: Iterable[str] = ()) -> None:
        """Note one mistake under ``key``, unless very many are noted already.

        ``near`` are the names that would be accepted; those most like ``given`` are told.
        """
        if not enough(self.problems):
            accepted += nearest(str(given), near)
            told = given if isinstance(given, str) and code != "MGD-K202" else shown(given)
            self.problems.append(Problem(code, self._below(key)[:_LONGEST_NAME], told[:120], accepted[:400]))

    def value(self, key: str) -> object:
        """Whatever stands there; ``None`` for nothing."""
        return self._get(key, None)

    def text(self, key: str, default: str | None = None) -> str:
        """A string that is not blank."""
        given = self._get(key, default)
        if isinstance(given, str) and (given.strip() or given == default):
            return given
        self._missing_or_wrong(key, given, "a text")
        return ""

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false; needed where there is no default."""
        given = self._get(key, default)
        if isinstance(given, bool):
            return given
        self._missing_or_wrong(key, given, "true or false")
        return bool(default)

    def word(self, key: str, words: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words."""
        given = self._get(key, default)
        if isinstance(given, str) and given in words:
            return given
        self._missing_or_wrong(key, given, f"one of {', '.join(words)}")
        return words[0]

    def texts(self, key: str, default: tuple[str, ...] | None = None, *, empty: bool = False) -> tuple[str, ...]:
        """A list of strings, not empty unless the default is, or ``empty`` says that it may be."""
        given = self._get(key, default)
        if (
            isinstance(given, list | tuple)
            and all(isinstance(each, str) and each for each in given)
            and (given or default == () or empty)
        ):
            return tuple(given)
        self._missing_or_wrong(key, given, "a list of texts" if empty else "a list of texts, at least one")
        return ()

    def sources(self, known: frozenset[str] | None, key: str = "source") -> tuple[str, ...]:
        """The source keys; at least one, and each of them known if the known ones are given."""
        found = self.texts(key) if self.has(key) else ()
        if not self.has(key):
            self.mistake("MGD-K205", key, "none", "at least one key of sources/*.toml")
        for each in found:
            if known is not None and each not in known:
                self.mistake("MGD-K205", key, each, "a key of sources/*.toml", known)
        return found

    def whole(self, key: str) -> int:
        """A whole number that is not negative, written as a TOML integer."""
        given = self._get(key, None)
        if _is_whole(given):
            return given
        self._missing_or_wrong(key, given, "a whole number")
        return 0

    def wholes(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """A list of whole numbers that are not negative, at least one."""
        given = self._get(key, default)
        if isinstance(given, list | tuple) and given and all(_is_whole(each) for each in given):
            return tuple(given)
        self._missing_or_wrong(key, given, "a list of whole numbers")
        return ()

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

    def inner(self, key: str) -> Entry:
        """A table as an entry of its own. One that is missing is one mistake, not as many as it should have keys."""
        given = self._get(key, None)
        if isinstance(given, Mapping):
            return Entry(given, self._below(key), self.problems)
        self._missing_or_wrong(key, given, "a table")
        return Entry({}, self.path, [])

    def named(self, key: str) -> Iterator[tuple[str, Entry]]:
        """The entries of a table of tables, each with its name; at least one."""
        given = self.table(key)
        if not given and key in self._table:
            self._missing_or_wrong(key, given, "a table of one or more tables")
        for name, each in given.items():
            if isinstance(each, Mapping):
                yield name, Entry(each, f"{self._below(key)} {name}"[:_LONGEST_NAME], self.problems)
            else:
                self._missing_or_wrong(f"{key}.{name}", each, "a table")

    def lines(self, key: str, divider: str, least: int, most: int) -> Iterator[list[str]]:
        """The lines of a text, each cut into cells; those that are empty or begin with # are left out."""
        given = self._get(key, None)
        if not isinstance(given, str):
            self._missing_or_wrong(key, given, "a text of lines")
            return
        for line in given.splitlines():
            if line and line[0] != "#":
                cells = line.split(divider)
                if least <= len(cells) <= most:
                    yield cells
                else:
                    count = f"{least} cells" if least == most else f"{least} to {most} cells"
                    self.mistake("MGD-K201", key, line, f"{count} divided by {divider.strip()}")

    def tables(self, key: str, by: str = "", *, needed: bool = False) -> Iterator[Entry]:
        """The entries of a list of tables, told by their place, or by what stands under ``by`` in each.

        None if the key is absent, which is a mistake where they are ``needed``.
        """
        given = self._get(key, None if needed else ())
        if not isinstance(given, list | tuple) or not all(isinstance(each, Mapping) for each in given):
            self._missing_or_wrong(key, given, "a list of tables")
            return
        for index, each in enumerate(given):
            name = each.get(by) if by else None
            where = f"{self._below(key)} {name}" if isinstance(name, str) else f"{self._below(key)}[{index}]"
            yield Entry(each, where[:_LONGEST_NAME], self.problems)

    def done(self) -> None:
        """Note every key of the entry that nobody asked for."""
        for key in self._table:
            if key not in self._asked:
                accepted = "a key that belongs here" + ("" if enough(self.problems) else nearest(key, self._asked))
                self.mistake("MGD-K201", key, f"an unknown key {key!r}", accepted)

    def _below(self, key: str) -> str:
        return f"{self.path}: {key}" if self.path.endswith(".toml") else f"{self.path}.{key}"

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        if key in self._table:
            return self._table[key]
        return self._defaults.get(key, default)

    def _missing_or_wrong(self, key: str, given: object, accepted: str) -> None:
        self.mistake("MGD-K201", key, "nothing" if given is None else shown(given), accepted)

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
            problems.append(Problem("MGD-K201", f"{path}: {key}[{index}]", shown(each)[:120], "a table"))
            continue
        name = each.get("id", each.get("fact", index))
        yield Entry(each, f"{path}: {key} {name}"[:_LONGEST_NAME], problems, defaults)


def shown(given: object) -> str:
    """A value as a mistake shows it; tables and lists by their kind, since they may be long or nested deeply."""
    match given:
        case Mapping():
            return "a table" if given else "an empty table"
        case list() | tuple():
            return f"a list of {len(given)}" if len(given) > 8 or any(map(_is_nested, given)) else repr(list(given))
        case int() if abs(given) >= _TOO_LARGE:
            return "a very long integer"
        case _:
            return repr(given)


def _is_whole(given: object) -> TypeGuard[int]:
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given < _MOST


def _is_nested(given: object) -> bool:
    return isinstance(given, Mapping | list)
