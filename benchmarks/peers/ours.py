"""mgdecide over one chart a line: python ours.py CHARTS.ndjson ROUNDS

The eleven questions of the peers are asked in mgdecide's own question language; beside them the whole rulebook.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from mgdecide.adapters.fhir import read_fhir
from mgdecide.assessment import Assessment, assess, facts_of
from mgdecide.domain.patient import Patient
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.facts import AGE, EGFR, PHQ9, SERUM_MAGNESIUM, has, on
from mgdecide.logic.plain import compile_plain
from mgdecide.logic.questions import AtLeast, Literal, Question, surely
from mgdecide.logic.resolve import Answer

ON = date(2026, 1, 1)
_T = TypeVar("_T")
_R = TypeVar("_R")

ADULT = AGE >= Literal(18)
LOW_MAGNESIUM = SERUM_MAGNESIUM.in_unit("mmol/L") < Literal(0.75)
PHQ_IN_RANGE = (PHQ9 >= Literal(5)) & (PHQ9 <= Literal(19))
EGFR_NUMBER = EGFR.in_unit(EGFR.units[0])
SEVERE_CKD = EGFR_NUMBER < Literal(30)
PPI, DIURETIC = surely(on("ppi")), surely(on("diuretic"))
CHELATED = surely(on("thyroid_hormone") | on("fluoroquinolone") | on("tetracycline") | on("oral_bisphosphonate"))
DEPRESSION = surely(has("depressive_disorder"))
CONTRAINDICATED = surely(has("myasthenia_gravis") | has("heart_block"))
RISK = surely(has("type_2_diabetes") | has("alcohol_use_disorder") | has("inflammatory_bowel_disease"))

QUESTIONS: dict[str, Question] = {
    "Adult": ADULT,
    "LowMagnesium": LOW_MAGNESIUM,
    "PhqInRange": PHQ_IN_RANGE,
    "SevereCkd": SEVERE_CKD,
    "OnPpi": PPI,
    "OnDiuretic": DIURETIC,
    "ChelatedDrug": CHELATED,
    "Depression": DEPRESSION,
    "Contraindicated": CONTRAINDICATED,
    "TwoRisks": AtLeast(2, (PPI, DIURETIC, RISK, AGE >= Literal(70), EGFR_NUMBER < Literal(60))),
    "TrialMatched": ADULT & PHQ_IN_RANGE & DEPRESSION & ~SEVERE_CKD & ~CONTRAINDICATED,
}
NAMES: list[str] = json.loads((Path(__file__).parent / "names.json").read_text())
ELEVEN = compile_plain([QUESTIONS[name] for name in NAMES], default_knowledge())


def read(text: str) -> Patient:
    """A chart, read with everything that is checked on the way."""
    return read_fhir(text, on=ON)[0]


def eleven(text: str) -> tuple[Answer, ...]:
    """Text to the eleven answers."""
    return ELEVEN(facts_of(read(text)))


def judged(text: str) -> Assessment:
    """Text to an assessment: the whole rulebook is answered."""
    return assess(read(text))


def told(text: str) -> tuple[object, ...]:
    """The same with every part in words."""
    found = judged(text)
    return found.urgent, found.gate, found.status, found.findings, found.regimens, found.evidence


def reasoned(text: str) -> list[object]:
    """The same with the reasons of every finding."""
    found = judged(text)
    words = [found.gate, found.status, found.regimens, found.evidence]
    return [*words, *(finding.because for finding in (*found.urgent, *found.findings))]


def timed(function: Callable[[_T], _R], inputs: Sequence[_T], rounds: int) -> tuple[list[float], list[_R]]:
    """Processor seconds an input takes in each round, and the answers."""
    times: list[float] = []
    answers: list[_R] = [function(each) for each in inputs]
    for _ in range(rounds):
        start = time.process_time()
        for each in inputs:
            function(each)
        times.append((time.process_time() - start) / len(inputs))
    return times, answers


def main() -> None:
    """Text to answers in four depths, and the answers alone."""
    charts, rounds = Path(sys.argv[1]).read_text().splitlines(), int(sys.argv[2])
    times, answers = timed(eleven, charts, rounds)
    alone, _ = timed(ELEVEN, [facts_of(read(text)) for text in charts], rounds)
    depths = {function.__name__: timed(function, charts, rounds)[0] for function in (judged, told, reasoned)}
    print(json.dumps({"times": times, "answers": answers, "alone": alone, **depths}))


if __name__ == "__main__":
    main()
