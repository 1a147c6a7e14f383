"""The JSON Schema of an assessment: the shape ``Assessment.to_record`` has, member by member."""

from __future__ import annotations

from mgdecide.adapters.schema.builders import (
    BOOLEAN,
    DAY,
    NUMBER,
    TEXT,
    TEXTS,
    Schema,
    listed,
    one_word_of,
    or_null,
    shape,
    whole,
)
from mgdecide.domain.verdicts import Fit, GateState, Severity, Verdict
from mgdecide.knowledge.rule_entries import ACTIONS, KINDS
from mgdecide.knowledge.status_words import status_words

_CERTAINTY = one_word_of(("high", "moderate", "low", "very low", "not rated"), "GRADE certainty of a body of evidence")
_SOURCES = listed(TEXT, "keys of the source register")
_REASON = shape(
    "one comparison behind a finding",
    {
        "fact": (TEXT, "the fact or derived number"),
        "value": (TEXT, "its value as given"),
        "comparison": (TEXT, "what it was compared with, in words"),
    },
    {"unit": (TEXT, "unit of the value")},
)


def _finding(kinds: tuple[str, ...]) -> Schema:
    return shape(
        "one thing to know or do",
        {
            "rule": (TEXT, "rule id; mgdecide explain tells what it means"),
            "kind": (one_word_of(kinds), "what the finding is about"),
            "severity": (one_word_of(each.value for each in Severity), "how bad it would be"),
            "action": (one_word_of(ACTIONS), "what it asks for"),
            "text": (TEXT, "the finding in words"),
            "because": (listed(_REASON, "comparisons"), "the comparisons that made the rule hold"),
            "sources": (_SOURCES, "sources of the rule and its limits"),
        },
        {
            "subject": (TEXT, "the medicine or product concerned, as given"),
            "verified": (BOOLEAN, "false where a source was recalled, not read"),
        },
        closed=False,
    )


_GATE = shape(
    "whether anything forbids oral magnesium",
    {
        "state": (one_word_of(each.value for each in GateState), "open, closed, or undecided while it cannot be told"),
        "because": (
            listed(
                shape("a rule that closes it or leaves it undecided",
                      {"rule": (TEXT, "rule id"), "text": (TEXT, "in words"), "sources": (_SOURCES, "its sources")}),
                "rules",
            ),
            "the rules behind a gate that is not open",
        ),
        "needs": (TEXTS, "facts to measure or ask"),
    },
)  # fmt: skip

_INTERVAL = shape(
    "the limits a value was compared with",
    {
        "low": (or_null(TEXT), "lower limit"),
        "high": (or_null(TEXT), "upper limit"),
        "unit": (TEXT, "unit of both"),
        "from": (TEXT, "whose limits they are: the laboratory's or a named default"),
    },
)

_STATUS_SHAPE = shape(
    "where serum magnesium stands by named criteria",
    {
        "category": (
            one_word_of(name for name in status_words().categories if name != "not_given"),
            "undetermined where it cannot be told",
        ),
        "ctcae": (
            or_null(
                shape(
                    "CTCAE grade",
                    {"term": (or_null(TEXT), "CTCAE term"), "grade": (or_null(whole(0, 5)), "null: cannot be graded")},
                    {"reason": (TEXT, "why it cannot be graded")},
                )
            ),
            "grade in the value's own unit",
        ),
        "value": (or_null(TEXT), "digits as reported, with a comparator if there was one"),
        "unit": (or_null(TEXT), "unit as reported"),
        "on": (or_null(DAY), "day of the sample"),
        "interval": (or_null(_INTERVAL), "limits it was compared with"),
        "converted": ({"type": "object", "additionalProperties": TEXT}, "the value in other units, for showing"),
        "text": (TEXT, "the status in words"),
        "caveats": (TEXTS, "what to bear in mind"),
        "sources": (_SOURCES, "sources of the criteria"),
    },
)

_MEASURED = shape(
    "one figure beside magnesium, with the edges it is read against",
    {
        "fact": (TEXT, "the fact or derived number"),
        "label": (TEXT, "its name in words"),
        "value": (TEXT, "digits as reported or calculated"),
        "unit": (TEXT, "unit, or the highest points of the scale"),
        "compared": (TEXT, "what it was read against; empty where no published edges are held"),
        "finding": (TEXT, "what that says"),
        "on": (or_null(DAY), "day of the sample or the score"),
        "sources": (_SOURCES, "sources of the edges"),
        "verified": (BOOLEAN, "false where a source was recalled, not read"),
    },
)

_DOSE = shape(
    "a dose as a study gave it",
    {
        "salt": (TEXT, "salt with its hydrate where the source says it"),
        "stated": (TEXT, "in the source's own words"),
        "basis": (one_word_of(("salt", "elemental", "not stated")), "what the stated amount is of"),
        "elemental_mg_per_day": (
            or_null(shape("interval", {"low": (NUMBER, "lowest reading"), "high": (NUMBER, "highest reading")})),
            "elemental magnesium, mg a day",
        ),
        "route": (TEXT, "route"),
        "weeks": (or_null(NUMBER), "duration"),
    },
    {"note": (TEXT, "what is unclear about it")},
)

_CRITERION = shape(
    "one requirement of a study",
    {
        "kind": (one_word_of(("inclusion", "exclusion")), "which list it stands in"),
        "text": (TEXT, "the requirement; an exclusion reads: No myasthenia gravis"),
        "verdict": (one_word_of(each.value for each in Verdict), "of the requirement, for this patient"),
    },
)

_REGIMEN = shape(
    "a regimen as studied; not a prescription",
    {
        "study": (TEXT, "study id"),
        "fit": (one_word_of(each.value for each in Fit), "whether the patient resembles the people studied"),
        "criteria": (listed(_CRITERION, "criteria"), "criterion by criterion"),
        "dose": (_DOSE, "the dose"),
        "comparator": (TEXT, "what it was compared with"),
        "design": (TEXT, "design of the study"),
        "result": (TEXT, "what the study found"),
        "certainty": (_CERTAINTY, "of the body of evidence it belongs to"),
        "body": (TEXT, "id of that body"),
        "flags": (TEXTS, "integrity flags"),
        "sources": (_SOURCES, "sources"),
    },
)

_DOMAIN = shape(
    "one GRADE domain",
    {
        "domain": (
            one_word_of(("risk_of_bias", "inconsistency", "indirectness", "imprecision", "publication_bias")),
            "domain",
        ),
        "levels": (whole(-3, 3), "levels rated down (negative) or up"),
        "reason": (TEXT, "why"),
    },
)

_EFFECT = shape(
    "an effect estimate",
    {
        "measure": (TEXT, "SMD, MD, OR, RR ..."),
        "estimate": (NUMBER, "point estimate"),
        "low": (or_null(NUMBER), "lower end of the 95 % confidence interval"),
        "high": (or_null(NUMBER), "upper end"),
    },
    closed=False,
)

_EVIDENCE = shape(
    "one body of evidence",
    {
        "body": (TEXT, "id"),
        "outcome": (TEXT, "outcome"),
        "effect": (or_null(_EFFECT), "as published or pooled; null where none was"),
        "participants": (or_null(whole(0)), "people"),
        "studies": (or_null(whole(0)), "studies"),
        "certainty": (_CERTAINTY, "in general"),
        "certainty_here": (_CERTAINTY, "for this patient"),
        "domains": (listed(_DOMAIN, "domains"), "judgement by domain"),
        "statement": (TEXT, "in words no stronger than the certainty"),
        "outside": (TEXTS, "in what the patient lies outside the people studied"),
        "sources": (_SOURCES, "sources"),
    },
)

_UNKNOWN = shape(
    "a fact that was not known and could change something",
    {
        "fact": (TEXT, "name in the catalogue"),
        "reason": (TEXT, "why it is unknown"),
        "changes": (TEXTS, "what it could change: gate, or fit:<study>"),
        "at": (TEXTS, "at which values"),
        "outcomes": ({"type": "object", "additionalProperties": TEXTS}, "what each of them could become"),
    },
)

_PROVENANCE = shape(
    "which library and which knowledge answered",
    {
        "library": (TEXT, "version"),
        "knowledge": (TEXT, "edition"),
        "digest": ({"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}, "of all knowledge files"),
    },
    {"site": ({"type": "object"}, "every number a site changed")},
)


def assessment_schema() -> Schema:
    """The schema of ``Assessment.to_record()``, draft 2020-12."""
    schema = shape(
        "What mgdecide says of one patient. Lists are ordered: severity first, then rule id; regimens by fit.",
        {
            "schema": ({"const": "mgdecide/assessment/1"}, "name and version of this shape"),
            "patient": (TEXT, "the caller's identifier; empty where none was given"),
            "assessed_on": (or_null(DAY), "the day ages and staleness were judged at"),
            "urgent": (listed(_finding(("urgent",)), "urgent findings"), "what needs a person now; before all else"),
            "gate": (_GATE, "for oral magnesium"),
            "status": (_STATUS_SHAPE, "serum magnesium"),
            "measured": (
                listed(_MEASURED, "figures"),
                "kidney function, scores and suicide items",
            ),
            "findings": (listed(_finding(tuple(k for k in KINDS if k != "urgent")), "findings"), "all other findings"),
            "day_plan": (or_null(TEXT), "clock times that keep the widest published hours; null where none is needed"),
            "regimens": (or_null(listed(_REGIMEN, "regimens")), "null unless the gate is open"),
            "withheld": (
                or_null(
                    shape("why there are no regimens", {"reason": (TEXT, "why"), "needs": (TEXTS, "facts needed")})
                ),
                "null exactly where regimens are given",
            ),
            "evidence": (listed(_EVIDENCE, "bodies of evidence"), "what is known in general"),
            "unknowns": (listed(_UNKNOWN, "unknowns"), "the ledger"),
            "not_checked": (TEXTS, "what was not looked at"),
            "provenance": (_PROVENANCE, "editions and digest"),
        },
    )
    regimens_or_reason = [
        {"properties": {"regimens": {"type": "array"}, "withheld": {"type": "null"},
                        "gate": {"properties": {"state": {"const": "open"}}}}},
        {"properties": {"regimens": {"type": "null"}, "withheld": {"type": "object"},
                        "gate": {"properties": {"state": {"enum": ["closed", "undecided"]}}}}},
    ]  # fmt: skip
    return {**schema, "oneOf": regimens_or_reason}
