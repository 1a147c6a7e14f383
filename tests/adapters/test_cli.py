"""The command line as its callers see it: exit codes, what stands on which stream, and never a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from mgdecide import __version__, assess, read_patient
from mgdecide.adapters.cli import COMMANDS, main
from mgdecide.adapters.examples import example_names, example_text

EXIT = {"open": 0, "undecided": 3, "closed": 4}


@frozen
class Outcome:
    code: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        return [line.split("]")[0].removeprefix("[") for line in self.err.splitlines()]


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> Outcome:
        code = main([str(each) for each in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def given(tmp_path: Path) -> Callable[[Any], Path]:
    def write(record: Any, name: str = "patient.json") -> Path:
        path = tmp_path / name
        if isinstance(record, bytes):
            path.write_bytes(record)
        else:
            path.write_text(record if isinstance(record, str) else json.dumps(record), encoding="utf-8")
        return path

    return write


Given = Callable[..., Path]


# --- assess -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [("demo-1", 0), ("closed-kidney", 4), ("critical-low", 4), ("suicide-item", 4), ("undecided", 3),
     ("everything-unknown", 3)],
)  # fmt: skip
def test_the_exit_code_is_the_gate(run: Run, given: Given, name: str, code: int) -> None:
    found = run("assess", given(example_text(name)), "--format", "json")
    assert (found.code, found.err) == (code, "")
    assert EXIT[json.loads(found.out)["gate"]["state"]] == code


@pytest.mark.parametrize("name", example_names())
def test_json_is_what_the_library_answers(run: Run, given: Given, name: str) -> None:
    found = run("assess", given(example_text(name)), "--format=json")
    assert found.out == assess(read_patient(example_text(name))).to_json() + "\n"


def test_text_is_for_people_and_says_which_day(run: Run, given: Given) -> None:
    found = run("assess", given(example_text("demo-1")))
    assert found.code == 0
    assert "Judged at 2026-08-29 (the record's own day)." in found.out
    assert max(map(len, found.out.splitlines())) <= 76


def test_a_day_that_is_given_comes_first(run: Run, given: Given) -> None:
    path = given(example_text("demo-1"))
    assert "Judged at 2026-09-01 (given by the caller)." in run("assess", path, "--on", "2026-09-01").out
    late = run("assess", path, "--on", "2027-08-29", "--format", "json")  # results a year old count as unknown
    assert (late.code, json.loads(late.out)["assessed_on"]) == (3, "2027-08-29")


def test_without_any_day_it_is_today(run: Run, given: Given) -> None:
    path = given({"age_years": 54})
    before = datetime.now().astimezone().date()
    assessed = json.loads(run("assess", path, "--format", "json").out)["assessed_on"]
    assert assessed in (before.isoformat(), datetime.now().astimezone().date().isoformat())
    assert "(today; the record names no day)" in run("assess", path).out


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.TextIOWrapper(io.BytesIO(example_text("closed-kidney").encode()))
    monkeypatch.setattr(sys, "stdin", text)
    assert run("assess", "-", "--format", "json").code == 4


def test_lists_can_be_called_complete_or_partial(run: Run, given: Given) -> None:
    record = json.loads(example_text("demo-1"))
    path = given(record)
    assert run("assess", path, "--problem-list", "partial", "--format", "json").code == 3
    del record["conditions_complete"], record["medications_complete"]
    path = given(record)
    assert run("assess", path, "--format", "json").code == 3
    assert run("assess", path, "--problem-list", "complete", "--medication-list", "complete", "--format=json").code == 0


def test_a_site_s_limits_are_used_and_named(run: Run, given: Given) -> None:
    site = given(
        'name = "North Hospital"\nversion = "1"\napprover = "Dr A. Example"\n'
        '[limits]\n"oral-magnesium.kidney-stop" = { "mL/min/1.73m2" = "45" }\n',
        "site.toml",
    )
    patient = given(example_text("demo-1").replace('"value": 71', '"value": 40'))  # eGFR
    assert run("assess", patient, "--format", "json").code == 0
    found = run("assess", patient, "--site", site, "--format", "json")
    assert found.code == 4
    assert json.loads(found.out)["provenance"]["site"]["name"] == "North Hospital"


def test_a_bundle_is_read_as_one(run: Run, given: Given) -> None:
    found = run("assess", given({"resourceType": "Bundle", "type": "collection", "entry": []}), "--on", "2026-08-29")
    assert found.code == 3
    assert "Judged at 2026-08-29 (given by the caller)." in found.out
    assert "Patient" in found.out.split("Judged at")[1]


# --- bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ("", ["MGD-R101"]),
        ("not json", ["MGD-R102"]),
        (b"\xff\xfe{\x00", ["MGD-R103"]),
        (b"[" * 1_000_000, ["MGD-R105"]),
        (b" " * 10_000_001, ["MGD-R104"]),
        ('{"age_years": 54, "age_years": 45}', ["MGD-R106"]),
        ("[]", ["MGD-R107"]),
        ({"resourceType": "Patient"}, ["MGD-R108"]),
        ({"agee": 54}, ["MGD-R110"]),
        ({"labs": [{"test": "egfr", "value": 71, "unit": "mmol/L"}]}, ["MGD-R131"]),
        ({"labs": [{"test": "serum_magnesium", "value": 19, "unit": "mmol/L"}]}, ["MGD-R121"]),
        ('{"labs": [{"test": "serum_magnesium", "value": NaN, "unit": "mmol/L"}]}', ["MGD-R120"]),
        ({"labs": [{"test": "serum_magnesium", "value": -1, "unit": "mmol/L"}]}, ["MGD-R120"]),
        ({"age_years": "fifty"}, ["MGD-R120"]),
        ({"scores": [{"instrument": "PHQ-9", "total": 28}]}, ["MGD-R141"]),
        (
            {"assessed_on": "2026-08-29", "scores": [{"instrument": "PHQ-9", "total": 2, "on": "2026-08-30"}]},
            ["MGD-R161"],
        ),
        ({"conditions": {"type2_diabetes": True}}, ["MGD-R150"]),
        ({"agee": 54, "sex": "F", "conditions": []}, ["MGD-R152", "MGD-R112", "MGD-R110"]),
    ],
)
def test_every_mistake_is_one_line_and_nothing_is_answered(
    run: Run, given: Given, content: Any, codes: list[str]
) -> None:
    path = given(content)
    found = run("assess", path)
    assert (found.code, found.out) == (2, "")
    assert found.problems == codes
    as_json = run("assess", path, "--format", "json")
    assert (as_json.code, as_json.out) == (2, "")
    problems = json.loads(as_json.err)
    assert [problem["code"] for problem in problems] == codes
    assert all(problem.keys() == {"code", "path", "given", "accepted"} for problem in problems)


def test_a_line_has_code_path_given_and_accepted(run: Run, given: Given) -> None:
    found = run("assess", given({"labs": [{"test": "egfr", "value": 71, "unit": "mL/min"}]}))
    assert found.err == (
        '[MGD-R131] at labs[0].unit: got "mL/min". Did you mean "mL/min/1.73m2"? Accepted: mL/min/1.73m2 '
        "(a clearance that is not indexed to body surface is not an eGFR)\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "MGD-L100"),
        (("asess", "x"), "MGD-L100"),
        (("assess",), "MGD-L101"),
        (("assess", "a", "b"), "MGD-L101"),
        (("assess", "a", "--formt", "json"), "MGD-L101"),
        (("assess", "a", "--on"), "MGD-L101"),
        (("assess", "a", "--format", "xml"), "MGD-L102"),
        (("assess", "a", "--problem-list", "full"), "MGD-L102"),
        (("assess", "a", "--on", "29.08.2026"), "MGD-L103"),
        (("assess", "a", "--on", "2026-02-30"), "MGD-L103"),
        (("assess", "no-such-file.json"), "MGD-L104"),
        (("assess", "/"), "MGD-L105"),
        (("assess", "a\0b"), "MGD-L106"),
        (("assess", "a" * 5000), "MGD-L106"),
        (("diff", "no-such-file", "no-such-file"), "MGD-L104"),
        (("demo", "demo-2"), "MGD-L112"),
        (("demo", "--site", "no-such-file"), "MGD-L104"),
        (("schema", "patient record"), "MGD-L110"),
        (("schema",), "MGD-L101"),
        (("explain", "MGD-Z999"), "MGD-L113"),
        (("dose", "400 mg"), "MGD-L101"),
        (("dose", "400", "--salt", "magnesium oxide"), "MGD-U109"),
        (("dose", "400 Mg", "--salt", "magnesium oxide"), "MGD-U102"),
        (("dose", "400 mg", "--salt", "magnesium oxid"), "MGD-U111"),
        (("dose", "400 mg", "--salt", "magnesium oxide", "--basis", "total"), "MGD-U114"),
        (("dose", "10 mmol", "--salt", "magnesium oxide", "--basis", "salt"), "MGD-U104"),
        (("laws", "all"), "MGD-L101"),
    ],
)
def test_bad_arguments(run: Run, arguments: tuple[str, ...], code: str) -> None:
    found = run(*arguments)
    assert (found.code, found.out, found.problems) == (2, "", [code])


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("assess",), "[MGD-L101] at FILE: got nothing, but it is needed. See: mgdecide assess --help"),
        (("assess", "a", "--on"), "[MGD-L101] at --on: got nothing. Expected one value; see: mgdecide assess --help"),
        (("laws", "all"), '[MGD-L101]: got "all", which has no place here. See: mgdecide laws --help'),
        (
            ("assess", "none.json"),
            "[MGD-L104] at none.json: no such file. Expected a patient record or FHIR R4 Bundle in JSON, "
            "or - for standard input",
        ),
        (
            ("govern", "what"),
            '[MGD-L102] at WHAT: got "what". Expected one of findings, cards, overrides, changes',
        ),
        (
            ("govern", "finding"),
            '[MGD-L102] at WHAT: got "finding". Did you mean "findings"? '
            "Accepted: one of findings, cards, overrides, changes",
        ),
    ],
)
def test_a_line_reads_as_sentences(run: Run, arguments: tuple[str, ...], line: str) -> None:
    assert run(*arguments).err == f"{line}\n"


@pytest.mark.parametrize(("command", "package", "extra"), [("serve", "uvicorn", "service"), ("laws", "x", "test")])
def test_a_package_that_is_not_installed_is_told_with_its_extra(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, package: str, extra: str
) -> None:
    def missing(_: object) -> int:
        raise ModuleNotFoundError(f"No module named '{package}'", name=package)

    monkeypatch.setattr(f"mgdecide.adapters.commands.{COMMANDS[command].module}.run", missing)
    found = run(command)
    assert (found.code, found.out, found.problems) == (2, "", ["MGD-L111"])
    assert found.err.endswith(f'not installed: {package}. Install the extra: pip install "mgdecide[{extra}]"\n')


def test_a_module_of_ours_that_is_missing_is_our_mistake(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: object) -> int:
        raise ModuleNotFoundError(name="mgdecide.adapters.none")

    monkeypatch.setattr("mgdecide.adapters.commands.laws.run", missing)
    assert (run("laws").code, run("laws").problems) == (70, ["MGD-L199"])


def test_as_a_module() -> None:
    ran = subprocess.run([sys.executable, "-m", "mgdecide", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout == f"mgdecide {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_ends_with_an_example(run: Run, name: str) -> None:
    found = run(name, "--help")
    assert found.code == 0
    assert found.out.splitlines()[-1].startswith(f"example: mgdecide {name}")


def test_suggestions(run: Run) -> None:
    assert 'Did you mean "assess"?' in run("asess").err
    assert 'Did you mean "--format"?' in run("assess", "--formt=json", "a").err
    assert 'Did you mean "patient"?' in run("schema", "patients").err


def test_a_file_that_may_not_be_read(run: Run, given: Given) -> None:
    path = given({})
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        assert run("assess", path).problems == ["MGD-L106"]
    else:
        pytest.skip("this user may read everything")
    finally:
        path.chmod(0o600)


def test_a_site_overlay_that_cannot_be_used(run: Run, given: Given) -> None:
    patient = given(example_text("demo-1"))
    assert run("assess", patient, "--site", given(b"\xff", "a.toml")).problems == ["MGD-L108"]
    assert run("assess", patient, "--site", given(b" " * 300_000, "b.toml")).problems == ["MGD-L107"]
    assert run("assess", patient, "--site", given("name = ", "c.toml")).problems == ["MGD-O101"]


def test_what_was_not_foreseen_says_where_and_nothing_of_the_patient(
    run: Run, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mgdecide.assessment

    def fail(*_: object, **__: object) -> object:
        raise RuntimeError("the patient Jane Doe")

    monkeypatch.setattr(mgdecide.assessment, "assess", fail)
    found = run("assess", given({}))
    assert (found.code, found.out, found.problems) == (70, "", ["MGD-L199"])
    assert "RuntimeError in mgdecide.adapters.commands.assess" in found.err
    assert "Jane" not in found.err


# --- other commands -----------------------------------------------------------------------------------------


def test_demo_prints_the_report_and_always_succeeds(run: Run) -> None:
    found = run("demo")
    assert (found.code, found.err) == (0, "")
    assert "demo-1" in found.out
    assert run("demo", "closed-kidney").code == 0
    assert json.loads(run("demo", "--format", "json").out)["gate"]["state"] == "open"


def test_the_demonstration_s_record_can_be_started_from(run: Run, given: Given) -> None:
    record = run("demo", "--record").out
    assert run("assess", given(record), "--format", "json").code == 0
    assert run("demo", "--list").out.split() == list(example_names())


def test_dose_as_json(run: Run) -> None:
    found = run("dose", "403.04 mg", "--salt", "magnesium oxide", "--basis", "salt", "--format", "json")
    record = json.loads(found.out)
    assert found.code == 0
    assert record["elemental_mg"] == {"low": 243.05, "high": 243.05}  # 24.305 of 40.304 g/mol
    assert record["elemental_mmol"] == {"low": 10.0, "high": 10.0}
    assert record["elemental_meq"] == {"low": 20.0, "high": 20.0}
    assert run("dose", "403.04", "mg", "--salt", "magnesium oxide", "--basis", "salt", "--format", "json") == found


@pytest.mark.parametrize("name", ["patient", "assessment", "cohort"])
def test_schemas_are_printed(run: Run, name: str) -> None:
    found = run("schema", name)
    assert found.code == 0
    assert json.loads(found.out)["$id"] == f"urn:mgdecide:schema:{name}/1"


def test_explain(run: Run) -> None:
    assert "eGFR" in run("explain", "gate.kidney").out
    assert run("explain", "mgd-r131").code == 0


def test_laws_are_numbered(run: Run) -> None:
    found = run("laws")
    assert found.code == 0
    assert found.out.startswith("UNIT-01  ")
    assert "ASSESS-03" in found.out


def test_help_and_version(run: Run) -> None:
    assert run("--version").out == f"mgdecide {__version__}\n"
    listed = run("--help")
    assert listed.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in listed.out
    for name in ("assess", "demo", "dose", "diff", "schema", "explain", "laws"):
        helped = run(name, "--help")
        assert helped.code == 0
        assert helped.out.startswith(f"usage: mgdecide {name} ")


# --- as a program -------------------------------------------------------------------------------------------


def program(*arguments: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "mgdecide.adapters.cli", *arguments]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **how)


def test_a_reader_that_has_gone_is_no_mistake() -> None:
    command = f"{sys.executable} -m mgdecide.adapters.cli schema patient | head -c 10"
    found = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, timeout=60, check=False)
    assert (found.returncode, found.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_output_without_room_is_told() -> None:
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "mgdecide.adapters.cli", "schema", "patient"]
        found = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert found.returncode == 2
    assert found.stderr.startswith(b"[MGD-L109] at standard output")


def test_an_output_that_knows_only_ascii_gets_escapes() -> None:
    found = program("demo", env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"})
    assert found.returncode == 0
    found.stdout.decode("ascii")


def test_the_command_line_itself_loads_nothing_heavy() -> None:
    code = (
        "import sys; from mgdecide.adapters.cli import main; main(['--version']);"
        "print([m for m in ('pydantic', 'pint', 'narwhals', 'fastapi', 'scipy') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert found.stdout.splitlines()[-1] == b"[]"
