"""Side by side on the same generated charts with known answers, in one run: ``make bench-peers``.

    python -m benchmarks.peers.run [CHARTS] [ROUNDS]

mgdecide against cql-execution with cql-exec-fhir (npm) and zen-engine (PyPI), each in an environment of its own below
``build/peers``, each on one core, one after the other; rounds are repeated in turn and the quickest of each counts.
Answers are compared with those the charts were made with. ``rules.elm.json`` is ``rules.cql`` translated once by
@cqframework/cql 5.3.0, without its locators.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.peers.charts import write
from mgdecide.adapters.pictures.canvas import DARK, MUTED, RULE, SMALL, Axis, Canvas, draw_axis

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build" / "peers"
NPM = {"cql-execution": "3.3.2", "cql-exec-fhir": "2.2.0"}
PYPI = "zen-engine==2.1.3"
TURNS = 3
NAMES: list[str] = json.loads((HERE / "names.json").read_text())
ROWS = (
    ("mgdecide: the same eleven questions", "ours", "times"),
    ("mgdecide: the whole rulebook answered (assess)", "ours", "judged"),
    ("mgdecide: the same, every part in words", "ours", "told"),
    ("mgdecide: the same, with every reason", "ours", "reasoned"),
    ("cql-execution + cql-exec-fhir: eleven definitions", "cql", "times"),
    ("zen-engine: eleven expressions, facts taken by 25 lines that know these charts only", "zen", "times"),
)
ALONE = (("mgdecide", "ours"), ("zen-engine", "zen"))


def prepare(count: int) -> Path:
    """The environments, where they are not there yet, and the charts."""
    BUILD.mkdir(parents=True, exist_ok=True)
    if not (BUILD / "node_modules" / "cql-execution").is_dir():
        (BUILD / "package.json").write_text(json.dumps({"private": True, "dependencies": NPM}))
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=BUILD, check=True)
    if not (BUILD / "venv" / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(BUILD / "venv")], check=True)
        subprocess.run([BUILD / "venv" / "bin" / "pip", "install", "--quiet", PYPI], check=True)
    charts = BUILD / "charts.ndjson"
    write(count, charts)
    return charts


def measured(charts: Path, rounds: int) -> dict[str, dict[str, Any]]:
    """What each contestant says: times of every round of every turn, and its answers."""
    commands: dict[str, list[str]] = {
        "ours": [sys.executable, str(HERE / "ours.py")],
        "zen": [str(BUILD / "venv" / "bin" / "python"), str(HERE / "zen_engine.py")],
        "cql": ["node", str(HERE / "cql_execution.cjs"), str(BUILD / "node_modules")],
    }
    core = min(os.sched_getaffinity(0))
    found: dict[str, dict[str, Any]] = {name: {} for name in commands}
    for _ in range(TURNS):
        for name, command in commands.items():
            ran = subprocess.run(
                ["taskset", "-c", str(core), *command, str(charts), str(rounds)], capture_output=True, check=True
            )
            told = json.loads(ran.stdout)
            found[name]["answers"] = told.pop("answers")
            for what, times in told.items():
                found[name].setdefault(what, []).extend(times)
    return found


def wrong(answers: list[list[Any]], charts: Path) -> int:
    """Answers that differ from those the charts were made with."""
    expected = [json.loads(line) for line in charts.with_suffix(".expect.ndjson").read_text().splitlines()]
    pairs = zip(answers, expected, strict=True)
    return sum(given is not made[name] for told, made in pairs for given, name in zip(told, NAMES, strict=True))


def picture(rows: list[tuple[str, float, str]], title: str, note: str) -> str:
    """Patients a second as bars, the numbers beside them."""
    left, right = 400.0, 800.0
    highest = max(rate for _, rate, _ in rows)
    axis = Axis(0, -(-highest // 1000) * 1000, left, right)
    canvas = Canvas(1000)
    y = canvas.heading(title, note)
    for label, rate, beside in rows:
        height = canvas.lines(16, y + 17, label, left - 36, SMALL)
        canvas.rect(left, y + 4, right - left, 18, stroke=RULE)
        canvas.rect(left, y + 4, axis.at(rate) - left, 18, DARK)
        canvas.text(right + 14, y + 17, f"{rate:,.0f} a second", SMALL)
        canvas.text(right + 14, y + 34, beside, SMALL, fill=MUTED)
        y += max(44, height + 12)
    y += draw_axis(canvas, axis, y + 2, "patients a second, one core")
    return canvas.finish(y + 8, title, note)


def main() -> None:
    """Measure, print the table, write the picture."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    charts = prepare(count)
    load = os.getloadavg()[0]
    found = measured(charts, rounds)
    rates = {
        (who, what): 1 / min(times) for who, told in found.items() for what, times in told.items() if what != "answers"
    }
    answers = {who: wrong(told["answers"], charts) for who, told in found.items()}
    peer = rates["cql", "times"]
    print(f"{count} charts, {rounds * TURNS} rounds; load average {load:.1f} before, {os.getloadavg()[0]:.1f} after")
    print(f"{'patients/s':>10}  {'times cql':>9}  {'wrong':>14}  text of a Bundle to answers")
    rows = []
    for label, who, what in ROWS:
        rate = rates[who, what]
        differ = f"{answers[who]} of {count * len(NAMES):,}" if what == "times" else ""
        print(f"{rate:>10,.0f}  {rate / peer:>9.1f}  {differ:>14}  {label}")
        rows.append((label, rate, f"wrong answers: {differ}" if differ else ""))
    for label, who in ALONE:
        print(f"{rates[who, 'alone']:>10,.0f}  {'':>9}  {'':>14}  {label}: the eleven answers alone, from facts")
    note = f"{count} generated charts of thirty resources with known answers; the quickest of {rounds * TURNS} rounds."
    out = BUILD / "side-by-side.svg"
    out.write_text(picture(rows, "From the text of a FHIR Bundle to answers", note), encoding="utf-8")
    print(f"picture: {out.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
