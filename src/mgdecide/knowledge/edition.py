"""One edition of everything published that the rules rest on, with its digest; a site's overlay makes another one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from attrs import define, evolve, field

from mgdecide.domain.patient import Medication
from mgdecide.domain.verdicts import Provenance
from mgdecide.errors import InvalidQuestion, Problem
from mgdecide.knowledge.bodies import load_bodies
from mgdecide.knowledge.body_types import Body
from mgdecide.knowledge.catalogue import Catalogue, catalogue
from mgdecide.knowledge.conversions import convert, convert_edges
from mgdecide.knowledge.interactions import Interaction, load_interactions
from mgdecide.knowledge.limits import Coefficient, Limit, load_coefficients, load_limits
from mgdecide.knowledge.medicines import Recognised, Unrecognised, classify
from mgdecide.knowledge.overlay import Overlay
from mgdecide.knowledge.rule_entries import RuleEntry, load_rule_entries
from mgdecide.knowledge.status_words import StatusWord, status_words
from mgdecide.knowledge.studies import load_regimen_studies
from mgdecide.knowledge.study_types import Study

EDITION = "2026.11"


@define(frozen=True, eq=False, slots=False)
class Knowledge:
    """Limits, coefficients, rule texts, interactions, studies and bodies of one edition.

    Two knowledges are the same only if they are the same object; ``default_knowledge`` always returns one.
    """

    edition: str
    digest: str
    catalogue: Catalogue
    limits: Mapping[str, Limit]
    coefficients: Mapping[str, Coefficient]
    rule_entries: Mapping[str, RuleEntry]
    interactions: tuple[Interaction, ...]
    studies: tuple[Study, ...]
    bodies: tuple[Body, ...]
    overlay: Overlay | None = None
    _recognised: dict[tuple[str | None, str | None, str | None], Recognised | Unrecognised] = field(
        factory=dict, repr=False
    )

    # --- what the logic asks (logic.resolve.Resolver) ---

    def number(self, id: str, unit: str | None = None) -> float:
        """A coefficient, or a limit in ``unit`` (in its only one if None)."""
        if id in self.coefficients:
            return float(self.coefficients[id].value)
        edges = self._limit(id).edges
        if unit is None and len(edges) == 1:
            return float(next(iter(edges.values())))
        if unit is None or unit not in edges:
            raise InvalidQuestion(Problem("MGD-Q105", id, f"unit {unit}", f"one of {', '.join(edges)}"))
        return float(edges[unit])

    def edges(self, id: str, units: tuple[str, ...]) -> Mapping[str, float]:
        """A limit's edge in each of ``units`` it can be given in."""
        limit = self._limit(id)
        edges = limit.edges
        found = {unit: float(edges[unit]) for unit in units if unit in edges}
        if not found and not limit.site_only:
            raise InvalidQuestion(
                Problem("MGD-Q106", id, f"units {', '.join(units)}", f"a fact in one of {', '.join(edges)}")
            )
        return found

    def factor(self, lab: str, unit: str, to: str) -> float | None:
        """What a value of ``lab`` in ``unit`` is multiplied by to be in ``to``."""
        one = convert(lab, Decimal(1), unit, to)
        return None if one is None else float(one)

    # --- what the rules and words ask ---

    def convert(self, lab: str, value: Decimal, unit: str, to: str) -> Decimal | None:
        """A value in another unit, exactly; None where there is no factor."""
        return convert(lab, value, unit, to)

    def exact_edges(self, lab: str, printed: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
        """Printed edges, with every other unit of the fact converted exactly from the first printed one."""
        return convert_edges(lab, printed, self.catalogue.facts[lab].units)

    def sources_of(self, id: str) -> tuple[str, ...]:
        """The sources of a limit or coefficient."""
        return self._numbered(id).sources

    def in_force(self, id: str) -> bool:
        """Whether a limit or coefficient has a number: one that only a site can set has none until it does."""
        limit = self.limits.get(id)
        return limit is None or not limit.site_only

    def is_verified(self, id: str) -> bool:
        """Whether a limit or coefficient was read in its source, not recalled."""
        return self._numbered(id).verified

    def limit_words(self, id: str, unit: str | None) -> str:
        """A limit as printed: ``30 mL/min/1.73m2``, ``0.70 mmol/L (1.7 mg/dL, 1.4 mEq/L)``."""
        limit = self._limit(id)
        shown = [f"{edge:f} {name}" for name, edge in limit.printed.items() if unit is None or name == unit]
        shown = (
            shown or [f"{edge:f} {name}" for name, edge in limit.edges.items() if name == unit] or ["a site's limit"]
        )
        first, *others = ("1 point" if each == "1 points" else each for each in shown)
        return first + (f" ({', '.join(others)})" if others else "")

    def plausible(self, fact: str, unit: str) -> tuple[float, float]:
        """The plausible range of a fact in one unit, both ends included."""
        low, high = self._limit(f"plausible.{fact}.low"), self._limit(f"plausible.{fact}.high")
        return float(low.edges[unit]), float(high.edges[unit])

    def ctcae_grade(self, term: str, value: float, unit: str) -> int | None:
        """The CTCAE grade 2 to 4 of a value by the column of ``unit``; None for a milder one."""
        low = term == "hypomagnesaemia"
        for grade in (4, 3, 2):
            limit = self.limits.get(f"ctcae.{term}-{grade}")
            if limit is not None and unit in limit.edges:
                edge = float(limit.edges[unit])
                if value < edge if low else value > edge:
                    return grade
        return None

    def recognise(self, medicine: Medication) -> Recognised | Unrecognised:
        """What a medicine is, by its name and codes; worked out once for each way of naming it."""
        key = (medicine.name, medicine.atc, medicine.rxnorm)
        found = self._recognised.get(key)
        if found is None:
            found = self._recognised[key] = classify(*key)
        return found

    def name_of(self, medicine: Medication) -> str:
        """A medicine as given; where only a code was given, with the ingredient it stands for."""
        if medicine.name:
            return medicine.name
        ingredients = getattr(self.recognise(medicine), "ingredients", ())
        return f"{' and '.join(ingredients)} ({medicine.shown})" if ingredients else medicine.shown

    @cached_property
    def no_conditions(self) -> dict[str, bool]:
        """Every condition as absent: what a complete problem list says of those it does not name."""
        return {fact.name: False for fact in self.catalogue.group("conditions")}

    @cached_property
    def no_medicines(self) -> dict[str, bool]:
        """Every medicine class as not taken."""
        return {fact.name: False for fact in self.catalogue.group("medicines")}

    @cached_property
    def status_words(self) -> dict[str, StatusWord]:
        """What is said of each status category."""
        return status_words().categories

    @cached_property
    def caveat_texts(self) -> dict[str, str]:
        """Caveats beside a status, by name."""
        return status_words().caveats

    @cached_property
    def provenance(self) -> Provenance:
        """Library, edition, digest, and every number a site changed."""
        from mgdecide import __version__

        return Provenance(
            __version__, self.edition, self.digest, self.overlay.to_record() if self.overlay is not None else None
        )

    def _numbered(self, id: str) -> Limit | Coefficient:
        return self.coefficients.get(id) or self._limit(id)

    def _limit(self, id: str) -> Limit:
        found = self.limits.get(id)
        if found is None:
            raise InvalidQuestion(Problem("MGD-Q104", id, "no such limit", "a limit of the knowledge"))
        return found


@cache
def default_knowledge() -> Knowledge:
    """The knowledge this release ships, read once.

    Raises:
        InvalidKnowledge: a file with a fact that has no source, no unit, or a contradiction; names the file and key.
    """
    return Knowledge(
        edition=EDITION,
        digest=knowledge_digest(),
        catalogue=catalogue(),
        limits=load_limits(),
        coefficients=load_coefficients(),
        rule_entries=load_rule_entries(),
        interactions=load_interactions(),
        studies=load_regimen_studies(),
        bodies=load_bodies(),
    )


def with_overlay(knowledge: Knowledge, overlay: Overlay) -> Knowledge:
    """A knowledge as one site changed it, with a digest of its own; ``read_overlay`` refuses what may not change."""
    changed = hashlib.sha256(f"{knowledge.digest}\0{json.dumps(overlay.to_record(), sort_keys=True)}".encode())
    return evolve(
        knowledge,
        limits=overlay.over(knowledge.limits),
        overlay=overlay,
        digest=f"sha256:{changed.hexdigest()}",
        recognised=knowledge._recognised,
    )


def knowledge_digest() -> str:
    """SHA-256 over every knowledge file: its path and its bytes, in the order of paths."""
    digest = hashlib.sha256()
    for path, entry in sorted(_files(files("mgdecide.knowledge"), "")):
        digest.update(path.encode() + b"\0" + entry.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return f"sha256:{digest.hexdigest()}"


def _files(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir():
            found += _files(entry, path)
        elif entry.name.endswith(".toml"):
            found.append((path, entry))
    return found
