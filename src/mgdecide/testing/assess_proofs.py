"""Proofs of the assessment laws over generated patients."""

from __future__ import annotations

from inspect import signature

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mgdecide.domain.patient import Patient
from mgdecide.testing import assess_laws
from mgdecide.testing.assess_laws import Law
from mgdecide.testing.forgetting import forgettable
from mgdecide.testing.patient_strategies import patients


def prove(law: Law, examples: int) -> None:
    """Hold one law against ``examples`` generated patients (and facts, where it speaks of a fact)."""
    holds = getattr(assess_laws, law.function)
    quietly = settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
    )
    if len(signature(holds).parameters) == 1:

        @quietly
        @given(patients())
        def one(patient: Patient) -> None:
            holds(patient)

        one()
    else:

        @quietly
        @given(patients(), st.sampled_from(forgettable()))
        def two(patient: Patient, fact: str) -> None:
            holds(patient, fact)

        two()
