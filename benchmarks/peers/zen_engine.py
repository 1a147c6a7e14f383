"""zen-engine over one chart a line: python zen_engine.py CHARTS.ndjson ROUNDS

zen-engine reads no FHIR: facts are taken from the chart by the few lines of ``facts``, which know these charts and no
others (one coding a concept, every status good but a stopped order, units by their code).
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

zen: Any = import_module("zen")  # installed beside the project, not with it

HERE = Path(__file__).parent
NAMES = json.loads((HERE / "names.json").read_text())
SETS = {
    name.rpartition(":")[2]: frozenset((each["system"], code) for code in each["codes"])
    for name, each in json.loads((HERE / "valuesets.json").read_text()).items()
}
MMOL = {"mg/dL": 0.41144, "mmol/L": 1.0, "meq/L": 0.5, "umol/L": 0.001}
EXPRESSIONS = {
    "Adult": "age >= 18",
    "LowMagnesium": "magnesium < 0.75",
    "PhqInRange": "phq9 >= 5 and phq9 <= 19",
    "SevereCkd": "egfr < 30",
    "OnPpi": "ppi",
    "OnDiuretic": "diuretic",
    "ChelatedDrug": "chelated",
    "Depression": "depression",
    "Contraindicated": "mgcontra",
    "TwoRisks": "(ppi ? 1 : 0) + (diuretic ? 1 : 0) + (riskdx ? 1 : 0)"
    " + (age >= 70 ? 1 : 0) + (egfr < 60 ? 1 : 0) >= 2",
    "TrialMatched": "age >= 18 and phq9 >= 5 and phq9 <= 19 and depression and not (egfr < 30) and not mgcontra",
}
RULES = {name: zen.compile_expression(text) for name, text in EXPRESSIONS.items()}


def facts(bundle: dict[str, Any]) -> dict[str, Any]:
    """What the expressions ask, from one chart; the newest result of each test counts."""
    codes: set[tuple[str, str]] = set()
    newest: dict[str, tuple[str, dict[str, Any]]] = {}
    born = ""
    for entry in bundle["entry"]:
        resource = entry["resource"]
        kind = resource["resourceType"]
        if kind == "Patient":
            born = resource["birthDate"]
        elif kind == "Observation" and resource["status"] == "final":
            coding = resource["code"]["coding"][0]
            test = {"44261-6": "phq9", "98979-8": "egfr"}.get(coding["code"])
            if (coding["system"], coding["code"]) in SETS["mgserum"]:
                test = "magnesium"
            if test and (test not in newest or newest[test][0] < resource["effectiveDateTime"]):
                newest[test] = resource["effectiveDateTime"], resource["valueQuantity"]
        elif kind == "Condition" or (kind == "MedicationRequest" and resource["status"] == "active"):
            coding = resource["code" if kind == "Condition" else "medicationCodeableConcept"]["coding"][0]
            codes.add((coding["system"], coding["code"]))
    found: dict[str, Any] = {name: not codes.isdisjoint(held) for name, held in SETS.items()}
    magnesium = newest["magnesium"][1]
    found["magnesium"] = magnesium["value"] * MMOL[magnesium["code"]]
    found["phq9"], found["egfr"] = newest["phq9"][1]["value"], newest["egfr"][1]["value"]
    found["age"] = 2026 - int(born[:4]) - (born[5:] > "01-01")
    return found


def timed(function: Any, inputs: list[Any], rounds: int) -> tuple[list[float], list[Any]]:
    """Processor seconds an input takes in each round, and the last answers."""
    times, answers = [], []
    for _ in range(rounds):
        start = time.process_time()
        answers = [function(each) for each in inputs]
        times.append((time.process_time() - start) / len(inputs))
    return times, answers


def judged(given: dict[str, Any]) -> list[Any]:
    """The eleven answers."""
    return [RULES[name].evaluate(given) for name in NAMES]


def main() -> None:
    """Text to answers, and the answers alone."""
    charts, rounds = Path(sys.argv[1]).read_text().splitlines(), int(sys.argv[2])
    times, answers = timed(lambda text: judged(facts(json.loads(text))), charts, rounds)
    alone, _ = timed(judged, [facts(json.loads(text)) for text in charts], rounds)
    print(json.dumps({"times": times, "answers": answers, "alone": alone}))


if __name__ == "__main__":
    main()
