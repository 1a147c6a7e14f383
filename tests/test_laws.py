"""The numbered laws of an assessment, proved over generated patients."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from mgdecide.testing import ASSESS_LAWS, patients
from mgdecide.testing.assess_laws import Law


@pytest.mark.parametrize("law", ASSESS_LAWS, ids=lambda law: law.id)
def test_law(law: Law) -> None:
    law.prove(examples=60)


@pytest.mark.slow
@pytest.mark.parametrize("law", ASSESS_LAWS, ids=lambda law: law.id)
def test_law_at_length(law: Law) -> None:
    law.prove(examples=2_000)


def test_every_law_has_its_own_number_and_a_sentence() -> None:
    assert len({law.id for law in ASSESS_LAWS}) == len(ASSESS_LAWS)
    assert all(law.sentence for law in ASSESS_LAWS)


@settings(max_examples=30, deadline=None)
@given(patients())
def test_generated_patients_survive_the_record_form(patient: object) -> None:
    from mgdecide.adapters.record.records import read_patient
    from mgdecide.adapters.record.writer import write_record
    from mgdecide.domain.patient import Patient

    assert isinstance(patient, Patient)
    assert read_patient(json.dumps(write_record(patient), default=str)).assessed_on == patient.assessed_on
