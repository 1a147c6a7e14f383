"""Mutation testing: one small change to the source at a time, and the tests that ought to notice it.

    python -m fuzz.mutants                          all of the four packages; goes on where an earlier run stopped
    python -m fuzz.mutants --sample 200 --seed 1    a random sample; the same seed gives the same
    python -m fuzz.mutants --report                 no run: the figures of what was written, and who survived

Results go to build/mutants/results.jsonl, one line each, as they come. A mutant is tried again when its file changed,
and when it survived and any test changed. Survivors that are argued for stand in fuzz/mutants_kept.toml.

The known tools were looked at and do not fit: mutmut 3 leaves alone what stands outside functions or under a
decorator, where the rules are; cosmic-ray starts a whole run of tests for each mutant.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tomllib
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic

from attrs import asdict, astuple, frozen

from fuzz.mutant_learning import digest_of, learn, read_learned
from fuzz.mutant_tests import Bench, Outcome, in_a_child, prepare
from fuzz.mutations import Mutant, mutants

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build" / "mutants"
RESULTS = BUILD / "results.jsonl"
KEPT = ROOT / "fuzz" / "mutants_kept.toml"
PACKAGES = ("domain", "logic", "rules", "evidence")
TESTS = (
    *("tests/domain", "tests/logic", "tests/rules", "tests/evidence", "tests/cases"),
    *("tests/testing/test_converters.py", "tests/testing/test_dose_laws.py"),
    *(f"tests/knowledge/test_{name}.py" for name in ("bodies", "intake", "studies", "overlay", "scales", "salts")),
    *(
        f"tests/adapters/test_{name}.py"
        for name in ("report", "sof", "dose_report", "pool_command", "body_points", "evidence_command")
    ),
)
"""The tests that are asked, those of other packages only where they are quick; all others could only kill more."""


@frozen
class Result:
    """What became of a mutant, and of which state of its file and of the tests that was said."""

    file: str
    node: int
    source: str
    tests: str
    word: str
    by: str
    seconds: float


@frozen
class Kept:
    """A survivor that is argued for: all mutants of that change on lines of that text."""

    file: str
    line: str
    change: str
    why: str

    def fits(self, mutant: Mutant) -> bool:
        return (self.file, self.line, self.change) == (mutant.file, mutant.text, mutant.change)


def kept() -> list[Kept]:
    """The committed list."""
    return [Kept(**each) for each in tomllib.loads(KEPT.read_text(encoding="utf-8")).get("kept", [])]


def all_mutants(root: Path, packages: tuple[str, ...] | list[str] = PACKAGES) -> list[Mutant]:
    """Every mutant of the packages, in the order of files and lines."""
    files = [file for package in packages for file in sorted((root / "src" / "mgdecide" / package).rglob("*.py"))]
    return [mutant for file in files for mutant in mutants(root, file)]


def main(arguments: list[str] | None = None) -> int:
    """Run or report; 1 where a survivor is not argued for, or an argument has lost its survivor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--packages", nargs="+", choices=PACKAGES, default=list(PACKAGES))
    parser.add_argument(
        "--enough", type=float, default=1500.0, help="seconds of tests, as while learning, that are asked of each"
    )
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes at once")
    parser.add_argument("--part", type=int, metavar="K", help="of the jobs only the K-th, in the copy that is there")
    args = parser.parse_args(arguments)
    tree = ROOT if args.report else BUILD / "tree" if args.part is not None else _copy()
    wanted = all_mutants(tree, args.packages)
    # in a random order, so that a run that was stopped is a random sample too
    wanted = Random(args.seed).sample(wanted, len(wanted))[: args.sample]
    if args.report:
        return _tell(tree, wanted)
    if args.part is not None:
        _try(tree, _to_try(tree, wanted[args.part :: args.jobs]), args.enough)
        return 0
    to_try = _to_try(tree, wanted)
    print(f"{len(to_try)} of {len(wanted)} mutants are to be tried", flush=True)
    if to_try:
        _in_parts(tree, args.jobs, [*(sys.argv[1:] if arguments is None else arguments)])
    return _tell(tree, wanted)


def _in_parts(tree: Path, jobs: int, arguments: list[str]) -> None:
    """Learn once, then share the work out."""
    prepare(tree)
    _learn(tree)
    command = [sys.executable, "-m", "fuzz.mutants", *arguments, "--jobs", str(jobs)]
    running = [subprocess.Popen([*command, "--part", str(part)], cwd=ROOT) for part in range(jobs)]
    codes = [each.wait() for each in running]
    if any(codes):
        sys.exit("the run ended early; what was found is kept")


def _copy() -> Path:
    """The work is done in a copy, so that the tree may be edited meanwhile."""
    tree = BUILD / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    for name in ("src", "tests", "docs", "examples", "benchmarks", "fuzz"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, tree / path.name)
    return tree


def _to_try(tree: Path, wanted: list[Mutant]) -> list[Mutant]:
    sources, tests = _digests(tree)
    results = _results()
    return [each for each in wanted if not _stands(results.get((each.file, each.node)), sources[each.file], tests)]


def _try(tree: Path, to_try: list[Mutant], enough: float) -> None:
    sources, tests = _digests(tree)
    prepare(tree)
    learned = read_learned(_learn(tree))
    began, done, told = monotonic(), count(1), os.dup(1)

    def record(mutant: Mutant, outcome: Outcome) -> None:
        line = asdict(Result(mutant.file, mutant.node, sources[mutant.file], tests, *astuple(outcome)))
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        number = next(done)
        if outcome.word == "survived" or number % 100 == 0:
            text = (
                f"{number:5} {monotonic() - began:6.0f} s {outcome.word:8} {mutant.file}:{mutant.line}  {mutant.change}"
            )
            os.write(told, f"{text}\n".encode())

    bench = Bench(tree, TESTS, learned, record, enough)
    _remember(bench)
    later = [each for each in to_try if each.inside is None]
    sooner = [each for each in to_try if each.inside is not None]
    print(f"{len(sooner)} in functions, {len(later)} outside", flush=True)
    answer = in_a_child(
        lambda: "left " + " ".join(str(sooner.index(each)) for each in bench.in_functions(sooner)), 86_400
    )
    word, *places = answer.split()
    if word != "left":
        sys.exit(f"the run ended early: {answer}")
    _remember(bench)
    later += (sooner[int(place)] for place in places)
    bench.on_import([each for each in later if "/rules/" not in each.file])
    # rules stand on all else: what is below them is imported once for all their mutants
    ending = in_a_child(lambda: bench.above_all_else([each for each in later if "/rules/" in each.file]), 86_400)
    if ending != "done":
        sys.exit(f"the run ended early: {ending}")


def _remember(bench: Bench) -> None:
    bench.noticed.clear()
    for result in _results().values():
        if result.by:
            bench.noticed[result.file][result.by] += 1


def _learn(tree: Path) -> list[Path]:
    """Where it is kept what the files of tests told; those new or changed, and all where a source was, are asked."""
    files = sorted({path.relative_to(tree).as_posix() for name in TESTS for path in _test_files(tree / name)})
    memory = BUILD / "learned"
    memory.mkdir(exist_ok=True)
    names = {file: memory / digest_of(tree, file) for file in files}
    if new := [file for file in files if not names[file].exists()]:
        began = monotonic()
        answer = in_a_child(lambda: learn(tree, new, memory), 7200)
        if answer != "learned":
            sys.exit(f"unchanged, and yet: {answer}")
        print(f"learned from {len(new)} files of tests in {monotonic() - began:.0f} s", flush=True)
    return list(names.values())


def _test_files(path: Path) -> list[Path]:
    return sorted(path.rglob("test_*.py")) if path.is_dir() else [path]


def _digests(tree: Path) -> tuple[dict[str, str], str]:
    """Of each file of the library, and of all tests together."""

    def digest(*paths: Path) -> str:
        return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:12]

    files = {path.relative_to(tree).as_posix(): digest(path) for path in sorted((tree / "src").rglob("*.py"))}
    return files, digest(*sorted((tree / "tests").rglob("*.py")))


def _results() -> dict[tuple[str, int], Result]:
    """The last result of each mutant."""
    if not RESULTS.exists():
        return {}
    found = (Result(**json.loads(line)) for line in RESULTS.read_text(encoding="utf-8").splitlines())
    return {(each.file, each.node): each for each in found}


def _stands(result: Result | None, source: str, tests: str) -> bool:
    return result is not None and result.source == source and (result.word != "survived" or result.tests == tests)


def _tell(tree: Path, wanted: list[Mutant]) -> int:
    sources, _ = _digests(tree)
    results, arguments = _results(), kept()
    tried = {
        each: result.word
        for each in wanted
        if (result := results.get((each.file, each.node))) and result.source == sources[each.file]
    }
    alive = [each for each, word in tried.items() if word == "survived"]
    unargued = [each for each in alive if not any(argument.fits(each) for argument in arguments)]
    stale = [
        argument
        for argument in arguments
        if all(tried[each] != "survived" for each in wanted if argument.fits(each) and each in tried)
        and (len(tried) == len(wanted) or any(argument.fits(each) for each in tried))
    ]
    for survivor in unargued:
        print(f"SURVIVED {survivor.file}:{survivor.line}  {survivor.change}")
    for argument in stale:
        print(f"NO LONGER A SURVIVOR {argument.file}: {argument.change}")
    for package in (*PACKAGES, ""):
        here = [word for each, word in tried.items() if f"/mgdecide/{package}" in each.file]
        if here:
            killed = len(here) - here.count("survived")
            print(f"{package or 'all':10} {len(here):5} tried, {killed:5} killed ({killed / len(here):.1%})", end="")
            print(f", {here.count('timeout')} of them by time")
    print(
        f"{len(wanted) - len(tried)} not tried; {len(alive) - len(unargued)} survivors argued for, {len(unargued)} not"
    )
    return int(bool(unargued or stale))


if __name__ == "__main__":
    sys.exit(main())
