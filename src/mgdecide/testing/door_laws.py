"""The laws of the doors, numbered: whatever is brought to a public function, it answers or tells a mistake.

No exception but ``MgdecideError`` leaves it, and every problem of one has a code that ``mgdecide explain`` knows.
Reading the table (``mgdecide laws``) needs nothing; proving a law needs the extra ``test``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

from attrs import frozen

from mgdecide.errors import MgdecideError
from mgdecide.knowledge.error_catalogue import error_catalogue

_DAY = date(2026, 8, 29)
_LONGEST_MESSAGE = 2_000
"""Characters that one problem may tell; what was given is cut short, however long it was."""


@frozen
class Law:
    """A law: its number, which is never used again, its sentence, and the name of its function in this module."""

    id: str
    sentence: str
    function: str

    def prove(self, examples: int = 100) -> None:
        """Holds the law against damaged inputs; AssertionError with the smallest example that breaks it."""
        from mgdecide.testing.door_proofs import prove

        prove(self, examples)


@contextmanager
def answered_or_told() -> Iterator[None]:
    """Whatever happens inside: an answer, or an error of mgdecide whose problems are short and have known codes."""
    try:
        yield
    except MgdecideError as error:
        for problem in error.problems:
            assert _is_explained(problem.code), f"{problem.code} is in no catalogue"
            assert len(str(problem)) <= _LONGEST_MESSAGE, f"{problem.code} tells {len(str(problem))} characters"
    except Exception as error:
        raise AssertionError(f"{type(error).__name__} left a public function: {error!r:.300}") from error


def _is_explained(code: str) -> bool:
    from mgdecide.adapters.fhir.reasons import REASONS

    return code in error_catalogue() or code in REASONS


def text_of_a_record(text: bytes) -> None:
    """DOOR-01: any bytes given as a patient record are assessed, or refused with a code."""
    from mgdecide.adapters.record.records import read_patient
    from mgdecide.assessment import assess

    with answered_or_told():
        assess(read_patient(text, today=_DAY)).to_json()


def value_of_a_record(value: object) -> None:
    """DOOR-02: any value given as a patient record is assessed, or refused with a code."""
    from mgdecide.adapters.record.records import read_patient
    from mgdecide.assessment import assess

    with answered_or_told():
        assess(read_patient(cast(Mapping[str, object], value), today=_DAY))


def text_of_a_bundle(text: bytes) -> None:
    """DOOR-03: any bytes given as a FHIR Bundle are read and assessed, or refused with a code."""
    from mgdecide.adapters.fhir import read_fhir
    from mgdecide.assessment import assess

    with answered_or_told():
        patient, report = read_fhir(text, on=_DAY)
        assess(patient)
        report.to_record()


def value_of_a_bundle(value: object) -> None:
    """DOOR-04: any value given as a FHIR Bundle is read and assessed, or refused with a code."""
    from mgdecide.adapters.fhir import read_fhir
    from mgdecide.assessment import assess

    with answered_or_told():
        patient, report = read_fhir(cast(Mapping[str, Any], value), on=_DAY)
        assess(patient)
        report.to_text()


def text_of_an_overlay(text: str) -> None:
    """DOOR-05: any text given as a site overlay is laid over the limits, or refused with a code."""
    from mgdecide.knowledge.edition import default_knowledge, with_overlay
    from mgdecide.knowledge.overlay import read_overlay

    with answered_or_told():
        with_overlay(default_knowledge(), read_overlay(text))


def text_of_a_study(text: str) -> None:
    """DOOR-06: any text given as a study file is read, or refused with a code."""
    from mgdecide.knowledge.study_reading import read_study

    with answered_or_told():
        read_study(text, "offered.toml")


def text_of_a_dose(amount: str, salt: str) -> None:
    """DOOR-07: any texts given as an amount and a salt are a dose, or refused with a code."""
    from mgdecide.domain.doses import UnstatedDose

    with answered_or_told():
        str(UnstatedDose(amount, salt).elemental_mg)


def text_of_knowledge(offered: tuple[str, str]) -> None:
    """DOOR-08: any text given as a knowledge file of any kind is read and used, or refused with a code."""
    from mgdecide.testing.knowledge_doors import KNOWLEDGE_DOORS

    kind, text = offered
    with answered_or_told():
        KNOWLEDGE_DOORS[kind].read(text)


DOOR_LAWS: tuple[Law, ...] = tuple(
    Law(sentence.split(": ", 1)[0], sentence.split(": ", 1)[1], function.__name__)
    for function in (
        text_of_a_record,
        value_of_a_record,
        text_of_a_bundle,
        value_of_a_bundle,
        text_of_an_overlay,
        text_of_a_study,
        text_of_a_dose,
        text_of_knowledge,
    )
    for sentence in [(function.__doc__ or "").strip()]
)
