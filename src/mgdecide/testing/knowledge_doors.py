"""The readers of knowledge files as doors: each with the files of this release that it reads, and a first use.

Reading alone is not enough: what was read is used once as the rulebook would use it, so that nothing unusable is let
in. Tables that are looked up later make their indexes here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import evolve, frozen

from mgdecide.adapters.fhir.vocabulary import read_vocabulary
from mgdecide.domain.patient import Medication
from mgdecide.knowledge.bodies import read_body
from mgdecide.knowledge.catalogue import read_catalogue
from mgdecide.knowledge.circulating import read_claims, read_conflicts
from mgdecide.knowledge.codes import read_icd10, read_loinc, read_snomed, read_ucum
from mgdecide.knowledge.conversions import conversions, read_conversions
from mgdecide.knowledge.edition import Knowledge, default_knowledge
from mgdecide.knowledge.error_catalogue import read_error_entries
from mgdecide.knowledge.instruments import read_instruments
from mgdecide.knowledge.intake import read_intake
from mgdecide.knowledge.interactions import read_interactions
from mgdecide.knowledge.limits import read_limits
from mgdecide.knowledge.medicine_class_table import load_medicine_classes, read_medicine_classes
from mgdecide.knowledge.medicine_register import load_register, read_register
from mgdecide.knowledge.medicines import Classifier, read_products
from mgdecide.knowledge.overlay import read_overlay
from mgdecide.knowledge.reading import KNOWLEDGE
from mgdecide.knowledge.rule_entries import read_rule_entries
from mgdecide.knowledge.salts import read_salt_facts
from mgdecide.knowledge.scale_limits import scale_limits
from mgdecide.knowledge.scales import load_scales, read_scales
from mgdecide.knowledge.source_register import read_source_entries
from mgdecide.knowledge.status_words import read_status_words
from mgdecide.knowledge.study_reading import read_study
from mgdecide.knowledge.unit_spellings import read_unit_spellings
from mgdecide.logic.plain import compile_plain

NAME = "offered.toml"
_ID = re.compile(r'^"?id"? = "([^"/\n]{1,100})"', re.MULTILINE)
_MEDICINES = tuple(
    Medication(name=name) for name in ("Omeprazole 20 mg capsule", "esomeprazole magnesium", "antacid", "zanzibarine")
)


@frozen
class KnowledgeDoor:
    """``read`` takes a text, and answers with anything at all or raises; ``files`` are patterns below knowledge/."""

    kind: str
    read: Callable[[str], object]
    files: str

    def shipped(self) -> tuple[Path, ...]:
        """The files of this release that it reads."""
        return tuple(sorted(KNOWLEDGE.glob(self.files))) if self.files else ()


def _interactions(text: str) -> object:
    from mgdecide.rules.interactions import interaction_rules

    rules = interaction_rules(_with(interactions=read_interactions(text)))
    return compile_plain([rule.when for rule in rules], default_knowledge())({})


def _study(text: str) -> object:
    from mgdecide.rules.populations import study_fits

    fits = study_fits(_with(studies=(read_study(text, _named(text)),)))
    return compile_plain([node for fit in fits for node in fit.outputs], default_knowledge())({})


def _body(text: str) -> object:
    from mgdecide.rules.populations import body_populations

    (body,) = body_populations(_with(bodies=(read_body(text, _named(text)),)))
    return compile_plain(body.questions, default_knowledge())({})


def _named(text: str) -> str:
    """The name that the file of a study or body must have, which is its id."""
    found = _ID.search(text)
    return f"{found[1]}.toml" if found else NAME


def _with(**changed: object) -> Knowledge:
    return evolve(default_knowledge(), **changed)  # type: ignore[arg-type]  # any of its fields


def _register(text: str) -> object:
    register = read_register(text)
    return _recognised(Classifier(load_medicine_classes(), register)), register.combination_codes


def _classes(text: str) -> object:
    return _recognised(Classifier(read_medicine_classes(text), load_register()))


def _recognised(classifier: Classifier) -> object:
    return [classifier.classify(each.name, atc, "7646") for each in _MEDICINES for atc in (None, "A02BC01", "C10")]


def _catalogue(text: str) -> object:
    found = read_catalogue(text)
    return [(fact.columns, found.owner(fact.name)) for fact in found]


def _scales(text: str) -> object:
    scales = read_scales(text)
    return read_limits({}, conversions(), scale_limits(scales))


KNOWLEDGE_DOORS: Mapping[str, KnowledgeDoor] = {
    door.kind: door
    for door in (
        KnowledgeDoor("rules", lambda text: read_rule_entries(text, NAME), "rules/*.toml"),
        KnowledgeDoor("interactions", _interactions, "interactions.toml"),
        KnowledgeDoor("catalogue", _catalogue, "facts.toml"),
        KnowledgeDoor("medicine classes", _classes, "medicines.toml"),
        KnowledgeDoor("medicine names", _register, "medicine_names.toml"),
        KnowledgeDoor("medicine products", lambda text: read_products(text, load_register()), "medicine_products.toml"),
        KnowledgeDoor("salts", read_salt_facts, "salts.toml"),
        KnowledgeDoor("limits", lambda text: read_limits({NAME: text}, conversions()), "limits/*.toml"),
        KnowledgeDoor("conversions", read_conversions, "conversions.toml"),
        KnowledgeDoor("scales", _scales, "scales.toml"),
        KnowledgeDoor("instruments", lambda text: read_instruments(text, load_scales()), "instruments.toml"),
        KnowledgeDoor("intake", read_intake, "intake.toml"),
        KnowledgeDoor("studies", _study, "studies/*.toml"),
        KnowledgeDoor("bodies", _body, "bodies/*.toml"),
        KnowledgeDoor("claims", lambda text: read_claims(text, NAME), "circulating_claims.toml"),
        KnowledgeDoor("conflicts", lambda text: read_conflicts(text, NAME), "conflicts.toml"),
        KnowledgeDoor("sources", lambda text: read_source_entries(text, NAME), "sources/*.toml"),
        KnowledgeDoor("errors", lambda text: read_error_entries(text, NAME), "errors/*.toml"),
        KnowledgeDoor("loinc", read_loinc, "codes/loinc.toml"),
        KnowledgeDoor("snomed", read_snomed, "codes/snomed.toml"),
        KnowledgeDoor("icd10", read_icd10, "codes/icd10.toml"),
        KnowledgeDoor("ucum", read_ucum, "codes/ucum.toml"),
        KnowledgeDoor("unit spellings", read_unit_spellings, "unit_spellings.toml"),
        KnowledgeDoor("status words", read_status_words, "status.toml"),
        KnowledgeDoor("chart", read_vocabulary, "chart.toml"),
        KnowledgeDoor("overlay", read_overlay, ""),
    )
}
"""Every public reader of knowledge in TOML, by what it reads."""
