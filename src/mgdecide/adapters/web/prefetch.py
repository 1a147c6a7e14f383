"""What the service needs of a chart, and how much of it a request brought.

For each key the client may send a resource or a Bundle; null, which says that there is nothing; an OperationOutcome,
which says that the query failed; a Bundle with a link to its next page; or leave the key out, because it could not. The
last three are gaps: they are fetched where the site allows it. A gap in what is needed is never passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from attrs import field, frozen

from mgdecide.adapters.web.hook_request import Resource

TOKEN = "{{context.patientId}}"


@frozen
class Query:
    """One key of the prefetch: its FHIR query, what it brings, and whether no answer may be given without it."""

    key: str
    template: str
    kind: str
    needed: bool
    meaning: str

    def path(self, patient: str) -> str:
        """The query for one patient, relative to the FHIR server."""
        return self.template.replace(TOKEN, patient)


_NOT_READ = ("none", "reject")


@cache
def queries() -> tuple[Query, ...]:
    """Every key, in the order of the discovery document. The codes are those of the code tables, no more."""
    from mgdecide.knowledge.catalogue import catalogue
    from mgdecide.knowledge.codes import loinc_codes

    facts = catalogue().facts
    read = {code: row.fact for code, row in loinc_codes().items() if row.fact and row.use not in _NOT_READ}
    labs = [code for code, fact in read.items() if fact in facts and facts[fact].kind == "lab"]
    others = [code for code in read if code not in labs]
    return (
        Query("patient", f"Patient/{TOKEN}", "Patient", True, "age and sex"),
        Query("labs", _observations(labs), "Observation", True, "magnesium, kidney function and companions"),
        Query("conditions", f"Condition?patient={TOKEN}", "Condition", True, "the problem list"),
        Query("medications", f"MedicationRequest?patient={TOKEN}&status=active", "MedicationRequest", True, "orders"),
        Query("scores", _observations(others), "Observation", False, "depression scores, weight, height, tobacco"),
        Query(
            "statements",
            f"MedicationStatement?patient={TOKEN}&status=active",
            "MedicationStatement",
            False,
            "statements",
        ),
        Query("procedures", f"Procedure?patient={TOKEN}", "Procedure", False, "dialysis, pacemaker, bariatric surgery"),
        Query(
            "questionnaires",
            f"QuestionnaireResponse?patient={TOKEN}&status=completed",
            "QuestionnaireResponse",
            False,
            "questionnaires by item",
        ),
    )


def _observations(codes: Iterable[str]) -> str:
    return f"Observation?patient={TOKEN}&code=" + ",".join(f"http://loinc.org|{code}" for code in sorted(codes))


@frozen
class Gap:
    """A key of which not everything is there: why, and where the rest can be had."""

    query: Query
    why: str
    next: str = ""
    """The next page, where a part is there; empty where the whole query is to be asked."""


@frozen
class Prefetched:
    """The resources at hand, and the gaps."""

    resources: tuple[Resource, ...] = ()
    gaps: tuple[Gap, ...] = field(default=())


def prefetched(given: Mapping[str, Any] | None) -> Prefetched:
    """What a prefetch holds. Keys that were not asked for are read too: a client may name them as it likes."""
    resources: list[Resource] = []
    gaps: list[Gap] = []
    others = {key: value for key, value in (given or {}).items() if key not in _known()}
    kinds = _kinds(others.values())
    for query in queries():
        if given is None or query.key not in given:
            if query.kind not in kinds:
                gaps.append(Gap(query, "absent"))
            continue
        gap = _taken(query, given[query.key], resources)
        if gap is not None:
            gaps.append(gap)
    if others:
        resources += (
            value
            for value in others.values()
            if isinstance(value, dict) and value.get("resourceType") not in (None, "OperationOutcome")
        )
    return Prefetched(tuple(resources), tuple(gaps))


@cache
def _known() -> frozenset[str]:
    return frozenset(query.key for query in queries())


def _taken(query: Query, value: object, resources: list[Resource]) -> Gap | None:
    if value is None:
        return None
    kind = value.get("resourceType") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(kind, str):
        return Gap(query, "not a resource")
    if kind == "OperationOutcome":
        return Gap(query, "an OperationOutcome")
    resources.append(value)
    if kind == "Bundle":
        if _only_failures(value):
            return Gap(query, "an OperationOutcome")
        following = next_page(value)
        return Gap(query, "only the first pages", following) if following else None
    return None if kind == query.kind else Gap(query, f"not a {query.kind}")


def next_page(bundle: Resource) -> str:
    """The address of the next page of a search, or nothing."""
    links = bundle.get("link")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("relation") == "next" and isinstance(link.get("url"), str):
            return str(link["url"])
    return ""


def _only_failures(bundle: Resource) -> bool:
    """A search that answers with nothing but OperationOutcomes of errors has failed."""
    entries = bundle.get("entry")
    failed = False
    for entry in entries if isinstance(entries, list) else ():
        each = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(each, dict):
            if each.get("resourceType") != "OperationOutcome" or not _is_error(each):
                return False
            failed = True
    return failed


def _is_error(outcome: Resource) -> bool:
    issues = outcome.get("issue")
    return any(
        isinstance(each, dict) and each.get("severity") in ("error", "fatal")
        for each in (issues if isinstance(issues, list) else ())
    )


def _kinds(values: Iterable[object]) -> set[str]:
    """The types of resources in values under keys of the client's own."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, dict) and not next_page(value):
            found.update(str(each.get("resourceType")) for each in (value, *_inside(value)))
    return found


def _inside(bundle: Resource) -> list[Resource]:
    entries = bundle.get("entry") if bundle.get("resourceType") == "Bundle" else None
    return [
        entry["resource"]
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and isinstance(entry.get("resource"), dict)
    ]
