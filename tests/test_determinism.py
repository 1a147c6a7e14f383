"""The same bytes in any process, hash seed, locale and time zone, and for shuffled lists."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from importlib.resources import files

import pytest

from mgdecide import assess, read_patient

PROGRAM = (
    "import sys; from mgdecide import assess, read_patient; "
    "sys.stdout.buffer.write(assess(read_patient(sys.stdin.buffer.read())).to_json().encode())"
)


def example(name: str) -> str:
    return files("mgdecide.adapters.examples").joinpath(f"{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "world",
    [
        {"PYTHONHASHSEED": "0"},
        {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "99", "TZ": "America/Adak", "LC_ALL": "C", "PYTHONUTF8": "0"},
    ],
    ids=["seed 0", "seed 4711", "seed 99"],
)
def test_other_worlds_give_the_same_bytes(world: dict[str, str]) -> None:
    text = example("critical-low")
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=text.encode(), env=os.environ | world, capture_output=True, check=True
    )
    assert ran.stdout.decode() == assess(read_patient(text)).to_json()


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
