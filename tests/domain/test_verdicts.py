"""The JSON of each verdict, as the record schema promises it; what is empty and optional is left out."""

from __future__ import annotations

import pytest

from mgdecide.domain.verdicts import (
    CriterionVerdict,
    DomainJudgement,
    EvidenceSummary,
    Finding,
    Fit,
    Gate,
    GateReason,
    GateState,
    Grade,
    Interval,
    Provenance,
    Reason,
    Regimen,
    RegimenDose,
    Severity,
    Status,
    StudiedRegimen,
    Unknown,
    Verdict,
    Withheld,
)

REASON = Reason("egfr", "25", "less than 30", "mL/min/1.73m2")
REASON_RECORD = {"fact": "egfr", "value": "25", "comparison": "less than 30"}
DOSE = RegimenDose("oxide", "500 mg", "compound", 301.5, 500.0, "oral", 8.0)
DOSE_RECORD = {
    "salt": "oxide",
    "stated": "500 mg",
    "basis": "compound",
    "elemental_mg_per_day": {"low": 301.5, "high": 500.0},
    "route": "oral",
    "weeks": 8.0,
}
STUDIED = StudiedRegimen("s-2020", DOSE, "placebo", "Lower by 4 points.", "low", "body", ("flag",), ("src",), "RCT")
CRITERION = CriterionVerdict("inclusion", "adults", Verdict.MET)
JUDGEMENT = DomainJudgement("imprecision", -1, "few people")
SUMMARY = EvidenceSummary(
    "b", "depression", {"estimate": -1.0}, 100, 3, "low", "very low", (JUDGEMENT,), "It may.", ("older",), ("src",)
)
UNKNOWN = Unknown("egfr", "not given", ("gate",), ("less than 30",), (("gate", ("closed", "open")),))


@pytest.mark.parametrize(
    ("verdict", "record"),
    [
        (REASON, {**REASON_RECORD, "unit": "mL/min/1.73m2"}),
        (Reason("dialysis", "true", "is true"), {"fact": "dialysis", "value": "true", "comparison": "is true"}),
        (GateReason("r", "t", ("s",)), {"rule": "r", "text": "t", "sources": ["s"]}),
        (
            Gate(GateState.CLOSED, (GateReason("r", "t", ("s",)),), ("egfr",)),
            {
                "state": "closed",
                "because": [{"rule": "r", "text": "t", "sources": ["s"]}],
                "needs": ["egfr"],
            },
        ),
        (Grade("hypomagnesaemia", 2), {"term": "hypomagnesaemia", "grade": 2}),
        (Grade(None, None, "why"), {"term": None, "grade": None, "reason": "why"}),
        (
            Interval("0.7", "1", "mmol/L", "default"),
            {"low": "0.7", "high": "1", "unit": "mmol/L", "from": "default"},
        ),
        (DOSE, DOSE_RECORD),
        (
            RegimenDose("oxide", "?", "unknown", None, None, "oral", None, "a note"),
            {
                "salt": "oxide",
                "stated": "?",
                "basis": "unknown",
                "elemental_mg_per_day": None,
                "route": "oral",
                "weeks": None,
                "note": "a note",
            },
        ),
        (CRITERION, {"kind": "inclusion", "text": "adults", "verdict": Verdict.MET.value}),
        (
            Regimen(STUDIED, Fit.CANNOT_TELL, (CRITERION,)),
            {
                "study": "s-2020",
                "fit": "cannot tell",
                "criteria": [{"kind": "inclusion", "text": "adults", "verdict": Verdict.MET.value}],
                "dose": DOSE_RECORD,
                "comparator": "placebo",
                "design": "RCT",
                "result": "Lower by 4 points.",
                "certainty": "low",
                "body": "body",
                "flags": ["flag"],
                "sources": ["src"],
            },
        ),
        (Withheld("closed", ("egfr",)), {"reason": "closed", "needs": ["egfr"]}),
        (JUDGEMENT, {"domain": "imprecision", "levels": -1, "reason": "few people"}),
        (
            SUMMARY,
            {
                "body": "b",
                "outcome": "depression",
                "effect": {"estimate": -1.0},
                "participants": 100,
                "studies": 3,
                "certainty": "low",
                "certainty_here": "very low",
                "domains": [{"domain": "imprecision", "levels": -1, "reason": "few people"}],
                "statement": "It may.",
                "outside": ["older"],
                "sources": ["src"],
            },
        ),
        (
            UNKNOWN,
            {
                "fact": "egfr",
                "reason": "not given",
                "changes": ["gate"],
                "at": ["less than 30"],
                "outcomes": {"gate": ["closed", "open"]},
            },
        ),
        (Provenance("1", "2", "d"), {"library": "1", "knowledge": "2", "digest": "d"}),
        (
            Provenance("1", "2", "d", {"name": "here"}),
            {"library": "1", "knowledge": "2", "digest": "d", "site": {"name": "here"}},
        ),
    ],
    ids=lambda each: type(each).__name__,
)
def test_the_record(
    verdict: Reason | GateReason | Gate | Grade | Interval | RegimenDose | CriterionVerdict | Regimen, record: object
) -> None:
    assert verdict.to_record() == record


@pytest.mark.parametrize("subject", ["", "omeprazole"])
def test_the_record_of_a_finding(subject: str) -> None:
    finding = Finding(
        "r", "risk", Severity("warning"), "ask", "t", ("s",), lambda: (REASON,), subject, (("verified", False),)
    )
    assert finding.to_record() == {
        "rule": "r",
        "kind": "risk",
        "severity": "warning",
        "action": "ask",
        "text": "t",
        "because": [{**REASON_RECORD, "unit": "mL/min/1.73m2"}],
        "sources": ["s"],
        **({"subject": subject} if subject else {}),
        "verified": False,
    }
    assert Finding("r", "risk", Severity("warning"), "ask", "t", ()).because == ()


def test_findings_are_equal_when_they_say_the_same_of_the_same() -> None:
    """Why and what further is told of it is worked out from the patient, and is no part of which finding it is."""
    finding = Finding("r", "risk", Severity("warning"), "ask", "t", ("s",), subject="omeprazole")
    told = Finding(
        "r", "risk", Severity("warning"), "ask", "t", ("s",), lambda: (REASON,), "omeprazole", (("verified", False),)
    )
    assert (told, hash(told)) == (finding, hash(finding))
    assert "lambda" not in repr(told)
    assert Finding("r", "risk", Severity("warning"), "ask", "t", ("s",)) != finding


def test_the_record_of_a_status() -> None:
    empty = Status("undetermined", "t").to_record()
    assert (empty["ctcae"], empty["interval"], empty["converted"], empty["caveats"]) == (None, None, {}, [])
    full = Status(
        "hypo",
        "t",
        Grade("hypomagnesaemia", 2),
        "0.45",
        "mmol/L",
        "2026-08-29",
        Interval("0.7", None, "mmol/L", "laboratory"),
        (("mg/dL", "1.09"),),
        ("c",),
        ("s",),
    )
    assert full.to_record() == {
        "category": "hypo",
        "ctcae": {"term": "hypomagnesaemia", "grade": 2},
        "value": "0.45",
        "unit": "mmol/L",
        "on": "2026-08-29",
        "interval": {"low": "0.7", "high": None, "unit": "mmol/L", "from": "laboratory"},
        "converted": {"mg/dL": "1.09"},
        "text": "t",
        "caveats": ["c"],
        "sources": ["s"],
    }


def test_findings_stand_worst_first_then_by_rule_and_subject() -> None:
    def finding(severity: str, rule: str, subject: str = "") -> Finding:
        return Finding(rule, "risk", Severity(severity), "ask", "t", (), subject=subject)

    ordered = [
        finding("critical", "b"),
        finding("warning", "a", "x"),
        finding("warning", "a", "y"),
        finding("warning", "b"),
        finding("info", "a"),
    ]
    assert sorted((*ordered[3:], *ordered[:3]), key=lambda each: each.order) == ordered


def test_regimens_stand_by_fit_then_by_study() -> None:
    fits, cannot, does_not = (Regimen(STUDIED, fit, ()).order for fit in (Fit.FITS, Fit.CANNOT_TELL, Fit.DOES_NOT_FIT))
    assert fits < cannot < does_not
    assert fits[1] == "s-2020"
