"""Judge one patient, and let the type checker see to it that no regimen is reached past a gate.

python examples/judge_one_patient.py
"""

from __future__ import annotations

from mgdecide import InvalidRecord, Regimens, Withheld, assess, read_patient

RECORD = {
    "id": "example",
    "assessed_on": "2026-08-29",
    "age_years": 47,
    "sex": "male",
    "labs": [
        {"test": "serum_magnesium", "value": "0.66", "unit": "mmol/L", "on": "2026-08-20"},
        {"test": "egfr", "value": 88, "unit": "mL/min/1.73m2", "on": "2026-08-20"},
    ],
    "scores": [{"instrument": "PHQ-9", "total": 11, "items": {"9": 0}, "on": "2026-08-20"}],
    "conditions_complete": True,
    "medications": [{"name": "sertraline"}],
    "medications_complete": True,
}


def main() -> None:
    try:
        patient = read_patient(RECORD)
    except InvalidRecord as error:
        for problem in error.problems:  # every mistake at once
            print(problem)
        return
    assessment = assess(patient)
    print(f"status {assessment.status.category}; gate {assessment.gate.state.value}")
    for finding in (*assessment.urgent, *assessment.findings):
        if finding.severity.value != "info":
            print(f"{finding.action}: {finding.text}")
    match assessment.regimens:
        case Withheld(reason=reason, needs=needs):
            print(f"withheld: {reason} Needed: {', '.join(needs)}")
        case Regimens(items=items):
            for regimen in items:
                print(f"{regimen.study}: {regimen.fit.value}; certainty {regimen.certainty}")
    for unknown in assessment.unknowns[:3]:
        print(f"unknown {unknown.fact}: could change {', '.join(unknown.changes)} at {'; '.join(unknown.at)}")


if __name__ == "__main__":
    main()
