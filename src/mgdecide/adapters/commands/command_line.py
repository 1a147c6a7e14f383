"""What every command needs: arguments that are errors of ours, files read within bounds, output that cannot tear."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import NoReturn

from mgdecide.adapters.suggestions import given_words, one_of, safe_text
from mgdecide.errors import InvalidInput, Problem

BAD_INPUT = 2
LARGEST_FILE = 200_000_000
"""Bytes a command reads at most; records and overlays have smaller limits of their own."""

_LONGEST_PATH = 400

_ARGUMENT = re.compile(r"arguments? (?P<name>[^:]+): (?P<message>.*)", re.DOTALL)
_REQUIRED = "the following arguments are required: "
_UNRECOGNISED = "unrecognized arguments: "
_CHOICE = re.compile(r"invalid choice: '?(?P<given>.*?)'? \(choose from .*", re.DOTALL)
_EXPECTED = re.compile(r"expected (?P<number>.*?) arguments?")


class Parser(argparse.ArgumentParser):
    """argparse, with its mistakes told as ours."""

    def error(self, message: str) -> NoReturn:
        """Raises InvalidInput (MGD-L101) in place of leaving the program."""
        accepted = f"see: {self.prog} --help"
        if message.startswith(_REQUIRED):
            missing = message.removeprefix(_REQUIRED)
            raise InvalidInput(Problem("MGD-L101", missing, "nothing, but it is needed", accepted))
        if message.startswith(_UNRECOGNISED):
            given = message.removeprefix(_UNRECOGNISED)
            raise InvalidInput(Problem("MGD-L101", "", self._surplus(given), self._options(given.split()[0])))
        found = _ARGUMENT.fullmatch(message)
        path, given = (found["name"], found["message"]) if found else ("", message)
        choice, expected = _CHOICE.fullmatch(given), _EXPECTED.fullmatch(given)
        if choice:
            words = [name for action in self._actions for name in action.choices or ()]
            raise InvalidInput(Problem("MGD-L102", path, given_words(choice["given"]), one_of(words, choice["given"])))
        if expected:
            raise InvalidInput(Problem("MGD-L101", path, "nothing", f"{expected['number']} value; {accepted}"))
        raise InvalidInput(Problem("MGD-L101", path, safe_text(given), accepted))

    def _surplus(self, given: str) -> str:
        return given_words(given) if given.startswith("-") else f"{given_words(given)}, which has no place here"

    def _options(self, given: str) -> str:
        names = [name for action in self._actions for name in action.option_strings if name.startswith("--")]
        return one_of(names, given) if given.startswith("-") else f"see: {self.prog} --help"


def word(option: str, words: Iterable[str]) -> Callable[[str], str]:
    """An argument that is one of a few words (MGD-L102, with the nearest)."""
    accepted = tuple(words)

    def read(given: str) -> str:
        if given not in accepted:
            raise InvalidInput(Problem("MGD-L102", option, given_words(given), one_of(accepted, given)))
        return given

    return read


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def day(given: str) -> date:
    """An argument that is a day (MGD-L103)."""
    try:
        if _DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise InvalidInput(Problem("MGD-L103", "--on", given_words(given), "a day that exists, as YYYY-MM-DD"))


# --- files --------------------------------------------------------------------------------------------------


def read_input(path: str, what: str, largest: int = LARGEST_FILE) -> bytes:
    """The bytes of a file, or of standard input for ``-``; one byte more than ``largest`` where it holds more.

    Raises:
        InvalidInput: no such file (MGD-L104), a folder (L105), one that cannot be read (L106).
    """
    with _told(path, what):
        if path == "-":
            return sys.stdin.buffer.read(largest + 1)
        with open(path, "rb") as file:
            return file.read(largest + 1)


@contextmanager
def _told(path: str, what: str) -> Iterator[None]:
    """What the system says of a file, in our words."""
    shown = shown_path(path)
    try:
        yield
    except FileNotFoundError:
        accepted = f"{what}, or - for standard input"
        raise InvalidInput(Problem("MGD-L104", shown, "no such file", accepted)) from None
    except IsADirectoryError:
        raise InvalidInput(Problem("MGD-L105", shown, "a folder", what)) from None
    except (OSError, ValueError) as error:
        reason = (error.strerror or "") if isinstance(error, OSError) else str(error)
        given = f"a file that cannot be read ({reason or type(error).__name__})"
        raise InvalidInput(Problem("MGD-L106", shown, given, what)) from None


def shown_path(path: str) -> str:
    """A path as it is told: on one line, and not endlessly long."""
    return safe_text(path, _LONGEST_PATH)


def read_lines(path: str, what: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, with their numbers; one at a time, so that a file may be of any size.

    Raises:
        InvalidInput: as ``read_input``.
    """
    with _told(path, what), open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line


def read_text(path: str, what: str, largest: int) -> str:
    """The text of a file, as ``read_input``.

    Raises:
        InvalidInput: as ``read_input``; too large (MGD-L107) or not UTF-8 (L108).
    """
    content = read_input(path, what, largest)
    if len(content) > largest:
        accepted = f"{what} of at most {largest} bytes"
        raise InvalidInput(Problem("MGD-L107", shown_path(path), f"more than {largest} bytes", accepted))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        given = f"bytes that are not UTF-8 (at byte {error.start})"
        raise InvalidInput(Problem("MGD-L108", shown_path(path), given, f"{what} in UTF-8")) from None


# --- output -------------------------------------------------------------------------------------------------


def write_output(text: str) -> None:
    """Print to standard output in one piece. A reader that has gone (``| head``) is no mistake.

    Raises:
        InvalidInput: standard output cannot take it, such as a full disk (MGD-L109).
    """
    ends = text if text.endswith("\n") else text + "\n"
    try:
        try:
            sys.stdout.write(ends)
        except UnicodeEncodeError:
            encoding = sys.stdout.encoding or "ascii"
            sys.stdout.write(ends.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_output()
    except OSError as error:
        _silence_output()
        given = f"an output that cannot be written ({error.strerror})"
        raise InvalidInput(Problem("MGD-L109", "standard output", given, "one with room")) from None


def _silence_output() -> None:
    """Python flushes standard output once more at its end; send that nowhere."""
    with suppress(OSError, ValueError):  # no real file, as under a test
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
