"""The pages of the evidence: studies, and bodies of evidence with their forest plots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from docs.markdown import address, folded, link, page, prose, sentence, table
from mgdecide.adapters.pictures.canvas import Picture
from mgdecide.adapters.pictures.from_assessment import forest_of
from mgdecide.adapters.pictures.salt_map import evidence_map_of
from mgdecide.evidence.grade_words import NO_STUDY, Certainty, Direction, Size, statement
from mgdecide.knowledge.body_types import Body
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.studies import load_studies
from mgdecide.knowledge.study_types import Study


@cache
def study_ids() -> frozenset[str]:
    """The ids of every study that is held."""
    return frozenset(study.id for study in load_studies())


def studies_page() -> str:
    """Every study, with the evidence map."""
    studies = load_studies()
    members = defaultdict(list)
    for body in default_knowledge().bodies:
        for member in body.members:
            members[member.study].append(body.id)
    parts = [
        f"{len(studies)} studies. Those with the role `regimen` may be shown, as studied, behind an open gate; the "
        "others are evidence only. Each figure of a study stands in its file with where it was read.",
        *_picture("Evidence map: number of studies by salt and population", "evidence-map", evidence_map_of()),
    ]
    for study in studies:
        parts += _study(study, members[study.id])
    return page("Studies", *parts)


def _study(study: Study, bodies: list[str]) -> Iterator[str]:
    yield f"## {study.id}"
    yield f"*{study.family}; role: {study.role}*"
    yield prose(study.citation.text)
    if study.result:
        yield f"**Result** {prose(study.result)}"
    for flag in study.flags:
        yield f"**Printed numbers that do not hold together** {prose(flag.text)}"
    if bodies:
        yield f"**Bodies of evidence** {', '.join(link('bodies', body) for body in bodies)}"
    if study.not_found:
        yield f"**Not found** {prose(', '.join(study.not_found))}."
    references = [each for each in study.references if each != study.citation.text]
    if references:
        yield f"**References** {', '.join(address(each) for each in references)}"


def _picture(alt: str, name: str, picture: Picture) -> tuple[str, str]:
    return f"![{alt}](pictures/{name}.svg)", folded("The same in words", picture.text)


# --- bodies -------------------------------------------------------------------------------------------------


def body_sentence(body: Body) -> str:
    """What may be said of a body at its own certainty."""
    if body.certainty == "not rated":
        return NO_STUDY
    certainty, size, direction = Certainty(body.certainty), Size(body.size), Direction(body.direction)
    return statement(certainty, size, direction, body.intervention_words, body.outcome_words)


def bodies_page() -> str:
    """Every body of evidence, with its forest plot where rows can be pooled."""
    bodies = default_knowledge().bodies
    parts = [
        f"{len(bodies)} bodies of evidence: a population, what was given against what, and one outcome. The certainty "
        "is by GRADE, and each level down has its reason. Behind each study stands its place: *default*, in the pool; "
        "*with-flagged*, only in the pool that takes in studies whose printed figures do not hold together; *outside*, "
        "in no pool. `mgdecide evidence sof` prints the Summary of Findings, `mgdecide pool ID` pools the rows again."
    ]
    for body in bodies:
        parts += _body(body)
    return page("Bodies of evidence", *parts)


def _body(body: Body) -> Iterator[str]:
    people = "people: not read" if body.participants is None else f"{body.participants:,} people"
    count = "" if body.studies is None else f", {body.studies} {'study' if body.studies == 1 else 'studies'}"
    yield f"## {body.id}"
    yield (
        f"**{prose(body.intervention)}** compared with: {prose(body.comparator)}. In: {prose(body.population)}. "
        f"Outcome: {prose(body.outcome)} ({people}{count})."
    )
    yield f"> {prose(body_sentence(body))}"
    judged = sorted({f"{each.author}, {each.date}" for each in body.domains})
    yield (
        f"Certainty: **{body.certainty}**, starting from {body.start} ({prose(body.start_reason).rstrip('.')}). "
        + sentence(body.certainty_note)
        + (f" Judged by {'; '.join(judged)}." if judged else "")
    )
    rows = ((each.domain.replace("_", " "), each.levels, each.reason) for each in body.domains)
    yield table(("Domain", "Levels", "Reason"), rows)
    picture = forest_of(body)
    if picture is not None:
        yield from _picture(f"Forest plot: {prose(body.outcome)}; the numbers stand below it", body.id, picture)
    else:
        yield prose(body.rows_note)
    studies = ", ".join(f"{link('studies', each.study)} ({each.pool})" for each in body.members)
    yield f"**Studies** {studies or 'none held'}"
    references = [each for each in body.references if each not in study_ids()]
    if references:
        yield f"**References** {', '.join(address(each) for each in references)}"
