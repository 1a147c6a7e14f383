"""Asking the tests that concern a change, each change in a process of its own that is forked with all else at hand.

A function is changed after the tests were collected: its new code takes the place of the old, wherever the function
went. What stands outside functions takes effect while modules are imported, and so may a function that is called then
and whose change no test noticed afterwards: their process is forked before the library and the tests are imported, and
finds the changed module in place of the file.
"""

from __future__ import annotations

import gc
import importlib
import importlib.abc
import importlib.util
import os
import resource
import select
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from itertools import accumulate
from pathlib import Path
from time import monotonic
from types import CodeType, FunctionType, ModuleType

import pytest
from attrs import define, field, frozen
from hypothesis import HealthCheck, Phase, settings

from fuzz.mutant_learning import CHOSEN, OPTIONS, Learned, file_of
from fuzz.mutations import Mutant, mutated

# What tests use and is slow to import; imported once, before anything of the project.
HEAVY = ("pint", "pydantic", "narwhals", "polars", "pyarrow.parquet", "duckdb", "pandas", "scipy.stats", "jsonschema")
WAVES = (2, 10)
"""Files of tests that are asked first, and next, of a change that acts on import; then all others."""
_WALL, _MEMORY = 900, 8 << 30


def prepare(tree: Path) -> None:
    """Import what is heavy, put the tree before any installed copy, and let Hypothesis try the same few inputs."""
    for name in HEAVY:
        importlib.import_module(name)
    assert not any(name.startswith("mgdecide") for name in sys.modules)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # plugins of the suite that these tests do not need
    sys.dont_write_bytecode = False  # what is not changed is compiled once
    os.chdir(tree)
    sys.path[:0] = [str(tree / "src"), str(tree)]
    settings.register_profile(
        "mutants",
        max_examples=40,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutants")


@frozen
class Outcome:
    """``word`` is killed, timeout or survived; ``by`` the test that noticed."""

    word: str
    by: str
    seconds: float


Record = Callable[[Mutant, Outcome], None]


@define
class Bench:
    """Tries mutants. Tests that noticed a change in a file are asked first of the next change there."""

    tree: Path
    folders: Sequence[str]
    learned: Learned
    record: Record
    enough: float
    """Seconds of tests, as they took while learning, that are asked of one change."""
    noticed: defaultdict[str, Counter[str]] = field(factory=lambda: defaultdict(Counter))

    def in_functions(self, mutants: Sequence[Mutant]) -> list[Mutant]:
        """Try changes of functions; those come back that could not be put in place, or that may only act on import."""
        left: list[Mutant] = []

        def loop(session: pytest.Session) -> None:
            items = {item.nodeid: item for item in session.items}
            functions = _functions(self.tree)
            gc.freeze()
            for mutant in mutants:
                tests = self._in_order(mutant, self.learned.running(mutant))
                asked = [items[test] for test in tests if test in items]

                def attempt(mutant: Mutant = mutant, asked: list[pytest.Item] = asked) -> str:
                    if not put_in_place(functions[mutant.file], self.tree / mutant.file, mutant.node):
                        return "not placed"
                    return self._ask(asked)

                began = monotonic()
                answer = in_a_child(attempt)
                if answer == "not placed" or (answer == "survived" and self.learned.acts_on_import(mutant)):
                    left.append(mutant)
                else:
                    self._note(mutant, answer, monotonic() - began)

        if pytest.main([*OPTIONS, *CHOSEN, *self.folders], plugins=[Loop(loop)]) == pytest.ExitCode.INTERNAL_ERROR:
            raise RuntimeError("the loop over the mutants broke off")
        return left

    def on_import(self, mutants: Iterable[Mutant]) -> None:
        """Try changes that act while modules are imported; nothing of the library may have been imported yet."""
        for mutant in mutants:
            began, answer = monotonic(), "survived"
            for tests in self._waves(mutant):
                answer = in_a_child(partial(self._import_and_ask, mutant, tests))
                if answer != "survived":
                    break
            self._note(mutant, answer, monotonic() - began)

    def above_all_else(self, mutants: Iterable[Mutant]) -> str:
        """``on_import`` for changes of rules: the packages below are imported and the knowledge read beforehand."""
        importlib.import_module("mgdecide.evidence")
        importlib.import_module("mgdecide.knowledge.edition").default_knowledge()
        assert not any(name.startswith("mgdecide.rules") for name in sys.modules)
        gc.freeze()
        self.on_import(mutants)
        return "done"

    def _import_and_ask(self, mutant: Mutant, tests: Sequence[str]) -> str:
        sys.meta_path.insert(0, _Instead(self.tree / mutant.file, self.tree / "src", mutant.node))
        answer = "killed: not imported"

        def loop(session: pytest.Session) -> None:
            nonlocal answer
            items = {item.nodeid: item for item in session.items}
            missing = [test for test in tests if test not in items]
            answer = f"killed: {missing[0]} is gone" if missing else self._ask([items[test] for test in tests])

        _limit(60)
        code = pytest.main([*OPTIONS, *CHOSEN, *dict.fromkeys(file_of(test) for test in tests)], plugins=[Loop(loop)])
        return "error: of pytest's own" if code == pytest.ExitCode.INTERNAL_ERROR else answer

    def _in_order(self, mutant: Mutant, tests: Iterable[str]) -> list[str]:
        """Who noticed most in this file first, then the folder of the package, then the quickest, while time lasts."""
        noticed, seconds = self.noticed[mutant.file], self.learned.seconds
        folder = f"tests/{mutant.file.split('/')[2]}/"
        tests = sorted(tests, key=lambda test: (-noticed[test], not test.startswith(folder), seconds[test]))
        spent = accumulate(seconds[test] for test in tests)
        return [test for test, total in zip(tests, spent, strict=True) if total <= self.enough]

    def _waves(self, mutant: Mutant) -> Iterator[list[str]]:
        """Those asked, a few files at a time, as collecting all takes longer than most answers."""
        asked = self._in_order(mutant, self.learned.concerned(mutant))
        files = list(dict.fromkeys(file_of(test) for test in asked))
        for start, end in zip((0, *WAVES), (*WAVES, len(files)), strict=True):
            if wave := [test for test in asked if file_of(test) in files[start:end]]:
                yield wave

    def _ask(self, items: Sequence[pytest.Item]) -> str:
        for item, following in zip(items, [*items[1:], None], strict=False):
            _limit(5 + 10 * self.learned.seconds[item.nodeid])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if failed := Loop.failed:
                return f"killed: {failed[0]}"
        return "survived"

    def _note(self, mutant: Mutant, answer: str, seconds: float) -> None:
        word, _, by = answer.partition(": ")
        if word == "error":
            raise RuntimeError(f"{mutant}: {by}")
        if by:
            self.noticed[mutant.file][by] += 1
        self.record(mutant, Outcome(word, by, round(seconds, 2)))


class Loop:
    """Pytest plugin that runs a loop of ours in place of pytest's own."""

    failed: list[str] = []  # noqa: RUF012 - one run of tests in a process

    def __init__(self, loop: Callable[[pytest.Session], None]) -> None:
        self._loop = loop

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._loop(session)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def put_in_place(functions: Iterable[FunctionType], file: Path, node: int) -> bool:
    """Give the functions of a file their changed code; whether that could be done and changed any."""
    new: dict[tuple[str, int], list[CodeType]] = defaultdict(list)
    for code in _codes(_compiled(file, node)):
        new[code.co_qualname, code.co_firstlineno].append(code)
    changed = False
    for function in functions:
        found = new[function.__code__.co_qualname, function.__code__.co_firstlineno]
        if len(found) == 1 and found[0] != function.__code__:
            if found[0].co_freevars != function.__code__.co_freevars:
                return False
            function.__code__ = found[0]
            changed = True
    return changed


def _compiled(file: Path, node: int) -> CodeType:
    code: CodeType = compile(mutated(file.read_text(encoding="utf-8"), node), str(file), "exec")
    return code


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _functions(tree: Path) -> dict[str, list[FunctionType]]:
    found = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(f"{tree}/src/"):
            found[Path(each.__code__.co_filename).relative_to(tree).as_posix()].append(each)
    return found


@frozen
class _Instead(importlib.abc.MetaPathFinder):
    """Finds the changed module in place of the file."""

    file: Path
    source: Path
    node: int

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        wanted = self.file.relative_to(self.source).with_suffix("")
        package = wanted.name == "__init__"
        if name != ".".join((wanted.parent if package else wanted).parts):
            return None
        places = [str(self.file.parent)] if package else None
        loader = _Changed(name, str(self.file), self.node)
        return importlib.util.spec_from_file_location(name, self.file, loader=loader, submodule_search_locations=places)


class _Changed(SourceFileLoader):
    def __init__(self, name: str, path: str, node: int) -> None:
        super().__init__(name, path)
        self._node = node

    def get_code(self, fullname: str) -> CodeType:
        return _compiled(Path(self.path), self._node)


def in_a_child(run: Callable[[], str], wall: float = _WALL) -> str:
    """What ``run`` answers in a forked process; ``timeout``, ``error``, or ``killed`` where the process died."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setsid()
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            os.write(writing, run().encode())
        except BaseException as error:  # told to the parent
            os.write(writing, f"error: {error!r}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    ready, _, _ = select.select([reading], [], [], wall)
    answer = os.read(reading, 1 << 16).decode() if ready else "timeout"
    os.close(reading)
    if not answer or answer == "timeout":
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return answer or ("timeout" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGPROF else "killed: died")


def _limit(seconds: float) -> None:
    """So long may the processor work from now on before the process is ended."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
    signal.setitimer(signal.ITIMER_PROF, seconds)
