"""The same bytes in any process, hash seed, locale and time zone, and for shuffled lists."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from fuzz.generate import record
from mgdecide import assess, read_patient
from mgdecide.testing.door_proofs import BUNDLE

ROOT = Path(__file__).parent.parent
PROGRAM = """
import json, sys
from datetime import date
from mgdecide import assess, read_patient
from mgdecide.adapters.cards.cards import cards, response
from mgdecide.adapters.fhir import read_fhir
from mgdecide.adapters.report.clinician import report_html, report_text
records, bundle = json.loads(sys.stdin.buffer.read())
told = []
for record in records:
    found = assess(read_patient(record))
    told += [found.to_json(), report_text(found), report_html(found)]
    told.append(json.dumps(response(found, cards(found, "patient-view")), default=str))
patient, report = read_fhir(bundle, on=date(2026, 8, 29), conditions_complete=True)
told += [assess(patient).to_json(), json.dumps(report.to_record(), default=str), report.to_text()]
sys.stdout.buffer.write("\\0".join(told).encode())
"""
EXAMPLES = ("demo-1", "critical-low", "suicide-item", "treatment-resistant", "pregnancy", "unit-question", "child")


@cache
def _question() -> bytes:
    """The bundled patients, forty generated ones and a Bundle, as JSON."""
    chance = random.Random(20261121)
    made = [record(chance) for _ in range(40)]
    return json.dumps([[json.loads(example(name)) for name in EXAMPLES] + made, BUNDLE]).encode()


def _answers(python: str, world: dict[str, str], *options: str) -> bytes:
    here = os.environ | {"PYTHONPATH": str(ROOT / "src")} | world
    ran = subprocess.run([python, *options, "-c", PROGRAM], input=_question(), env=here, capture_output=True)
    assert ran.returncode == 0, ran.stderr.decode(errors="replace")[-2000:]
    return ran.stdout


@cache
def _here() -> bytes:
    return _answers(sys.executable, {"PYTHONHASHSEED": "1"})


def example(name: str) -> str:
    return files("mgdecide.adapters.examples").joinpath(f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("world", "options"),
    [
        ({"PYTHONHASHSEED": "0"}, ()),
        ({"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati"}, ()),
        ({"PYTHONHASHSEED": "99", "TZ": "America/Adak", "LC_ALL": "C", "PYTHONUTF8": "0"}, ()),
        ({"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"}, ()),
        ({"LC_ALL": "de_DE.ISO-8859-1", "PYTHONUTF8": "0", "TZ": "Europe/Berlin"}, ("-X", "dev")),
        ({"COLUMNS": "40", "NO_COLOR": "1", "TERM": "dumb"}, ("-O",)),
        ({"COLUMNS": "400", "FORCE_COLOR": "1"}, ("-OO",)),
    ],
    ids=["seed 0", "far east", "far west, C", "Turkish letters", "German commas", "without asserts", "no docstrings"],
)
def test_other_worlds_give_the_same_bytes(world: dict[str, str], options: tuple[str, ...]) -> None:
    assert _answers(sys.executable, world, *options) == _here()


def test_what_is_compared_is_worth_comparing() -> None:
    texts = _here().decode().split("\0")
    assert len(texts) == 4 * (len(EXAMPLES) + 40) + 3
    assert len(set(texts)) > 150
    answers = [json.loads(text) for text in texts[:-3:4]]
    assert {answer["gate"]["state"] for answer in answers} == {"open", "closed", "undecided"}


def _other_pythons() -> list[str]:
    """Interpreters of other versions that have the three libraries of the core: those that make pythons made."""
    kept = sorted(path.parent.name for path in (ROOT / ".pythons").glob("*/pyvenv.cfg"))
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    return [version for version in kept if version != here]


@pytest.mark.parametrize("version", _other_pythons() or ["none"])
def test_other_pythons_give_the_same_bytes(version: str) -> None:
    if version == "none":
        pytest.skip("no other Python with the core's libraries: make pythons makes them where there are any")
    python = str(ROOT / ".pythons" / version / "bin" / "python")
    assert shutil.which(python)
    told = subprocess.run([python, "--version"], capture_output=True, text=True, check=True).stdout
    assert f" {version}." in told
    assert _answers(python, {"PYTHONHASHSEED": "5"}) == _here()


@pytest.mark.parametrize("seed", range(25))
def test_shuffled_generated_records_give_the_same_bytes(seed: int) -> None:
    chance = random.Random(seed)
    made = record(chance)
    assert assess(read_patient(_turned(made, chance))).to_json() == assess(read_patient(made)).to_json()


def _turned(value: object, chance: random.Random) -> Any:
    """The same record with every list and every mapping in another order."""
    if isinstance(value, dict):
        return {key: _turned(value[key], chance) for key in chance.sample(sorted(value), len(value))}
    if isinstance(value, list):
        return [_turned(each, chance) for each in chance.sample(value, len(value))]
    return value


@pytest.mark.parametrize("name", ["demo-1", "critical-low", "treatment-resistant"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_shuffled_lists_give_the_same_bytes(name: str, seed: int) -> None:
    record = json.loads(example(name))
    shuffle = random.Random(seed).shuffle
    turned = dict(record)
    for key, value in record.items():
        if isinstance(value, list):
            turned[key] = list(value)
            shuffle(turned[key])
        elif isinstance(value, dict):
            items = list(value.items())
            shuffle(items)
            turned[key] = dict(items)
    keys = list(turned)
    shuffle(keys)
    again = {key: turned[key] for key in keys}
    assert assess(read_patient(again)).to_json() == assess(read_patient(record)).to_json()


def test_importing_the_core_loads_no_extra_and_reads_no_clock() -> None:
    program = (
        "import sys, time, mgdecide; from mgdecide import assess, read_patient; import pathlib; "
        "clock = time.time; time.time = None; "
        "assess(read_patient(sys.stdin.read())).to_json(); time.time = clock; "
        "bad = {'narwhals', 'polars', 'duckdb', 'pyspark', 'pandas', 'numpy', 'scipy', 'fastapi', 'hypothesis', 'pint'}"
        "; print(sorted(bad & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], input=example("demo-1"), text=True, capture_output=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_importing_mgdecide_is_light() -> None:
    program = "import sys, mgdecide; print(sorted({'pydantic', 'pint', 'attrs', 'attr', 'tomllib'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], text=True, capture_output=True, check=True)
    assert ran.stdout.strip() == "[]"
