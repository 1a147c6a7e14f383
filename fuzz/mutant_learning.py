"""Learning from one unchanged run how long each test takes and which tests run which line."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Generator, Iterable, Sequence
from functools import _lru_cache_wrapper
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

import pytest
from attrs import frozen

from fuzz.mutations import Mutant

_WITHOUT = [f"no:{plugin}" for plugin in ("cacheprovider", "faulthandler", "unraisableexception")]
OPTIONS = ["-q", *(word for name in _WITHOUT for word in ("-p", name)), "--capture=sys", "--no-header", "--tb=no"]
CHOSEN = ["-m", "not slow and not browser and not spark"]
LONGEST = 6.0
"""Seconds of the processor: a test that takes longer alone is not asked."""


@frozen
class Learned:
    """``lines`` holds, for a file, the tests that ran each line; the empty name stands for an import."""

    seconds: dict[str, float]
    lines: dict[str, dict[int, set[str]]]

    def concerned(self, mutant: Mutant) -> list[str]:
        """The tests that could notice: those that run the function; every one, where the change acts on import."""
        return self._asked(self.seconds if self.acts_on_import(mutant) else self._runs(mutant))

    def running(self, mutant: Mutant) -> list[str]:
        """The tests that run the changed function themselves."""
        return self._asked(self._runs(mutant) - {""})

    def acts_on_import(self, mutant: Mutant) -> bool:
        """Whether importing the library or the tests runs what is changed."""
        return mutant.inside is None or "" in self._runs(mutant)

    def _asked(self, tests: Iterable[str]) -> list[str]:
        return [test for test in tests if self.seconds[test] <= LONGEST]

    def _runs(self, mutant: Mutant) -> set[str]:
        first, last = mutant.inside or (0, 0)
        lines = self.lines.get(mutant.file, {})
        return set().union(*(lines.get(line, ()) for line in range(first, last + 1)))


def learn(tree: Path, files: Sequence[str], to: Path) -> str:
    """Run these files of tests once, unchanged and keep what each tells. Answers ``learned``, or what is wrong."""
    learner = _Learner()
    learner.coverage.start()
    pytest.main([*OPTIONS, *CHOSEN, *files], plugins=[learner])
    learner.coverage.stop()
    if learner.failed:
        return f"failed: {' '.join(learner.failed)}"
    data = learner.coverage.get_data()
    found: dict[str, _Found] = {file: {"seconds": {}, "lines": {}} for file in files}
    for test, seconds in learner.seconds.items():
        found[file_of(test)]["seconds"][test] = seconds
    for measured in data.measured_files():
        source = Path(measured).relative_to(tree).as_posix()
        for line, tests in data.contexts_by_lineno(measured).items():
            for test in tests:
                for file in [file_of(test)] if test else files:
                    found[file]["lines"].setdefault(source, {}).setdefault(str(line), []).append(test)
    for file, told in found.items():
        (to / digest_of(tree, file)).write_text(json.dumps(told))
    return "learned"


def digest_of(tree: Path, file: str) -> str:
    """The name under which is kept what a file of tests told: of its text and of the sources."""
    parts = [tree / file, *sorted((tree / "src" / "mgdecide").rglob("*.py"))]
    return f"{sha256(b''.join(part.read_bytes() for part in parts)).hexdigest()[:24]}.json"


def read_learned(paths: Iterable[Path]) -> Learned:
    """What files of tests told, together."""
    seconds: dict[str, float] = {}
    lines: dict[str, dict[int, set[str]]] = {}
    for path in paths:
        found: _Found = json.loads(path.read_text())
        seconds |= found["seconds"]
        for source, ran in found["lines"].items():
            for line, tests in ran.items():
                lines.setdefault(source, {}).setdefault(int(line), set()).update(tests)
    return Learned(seconds, lines)


def file_of(test: str) -> str:
    """The file of tests that a test stands in."""
    return test.partition("::")[0]


class _Found(TypedDict):
    seconds: dict[str, float]
    lines: dict[str, dict[str, list[str]]]


class _Learner:
    """Pytest plugin. What the library remembers is forgotten between tests, else only the first would run it."""

    def __init__(self) -> None:
        from coverage import Coverage  # of the extra fuzz: the list of arguments is read without it

        self.coverage = Coverage(data_file=None, source_pkgs=["mgdecide"], config_file=False)
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self._file = ""
        self._caches: list[_lru_cache_wrapper[object]] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._forget(file_of(item.nodeid))
        self.coverage.switch_context(item.nodeid)
        began = _worked()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = round(_worked() - began, 4)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def _forget(self, file: str) -> None:
        """Before each test what the four packages hold; before each file of tests what was read of knowledge too."""
        new = file != self._file
        if new:
            self._file = file
            self._caches = [
                each
                for each in gc.get_objects()
                if isinstance(each, _lru_cache_wrapper) and str(each.__module__).startswith("mgdecide.")
            ]
        for cache in self._caches:
            if new or ".knowledge." not in str(cache.__module__):
                cache.cache_clear()


def _worked() -> float:
    """Seconds of the processor so far, those of processes that tests started with them."""
    return sum(os.times()[:4])
