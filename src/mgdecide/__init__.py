"""Clinical decision support for magnesium and depression.

Five steps, each with its reasons and sources::

    from mgdecide import assess, read_patient, Regimens, Withheld

    patient = read_patient(record)       # 1. what is known; every mistake in a record is reported at once
    assessment = assess(patient)         # 2. urgent findings, the gate, the status, findings, evidence
    match assessment.regimens:           # 3. regimens exist only behind an open gate
        case Regimens(items=items):
            ...
        case Withheld(reason=reason, needs=needs):
            ...
    assessment.unknowns                  # 4. what was not known, and what it could change
    assessment.to_record()               # 5. the JSON shape of the published schema

It informs a clinician. It never prescribes, never ranks salts, and never says more than the evidence.
"""

from __future__ import annotations

from importlib import import_module
from sys import modules
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from mgdecide.adapters.record.records import read_patient
    from mgdecide.assessment import Assessment, assess
    from mgdecide.domain.doses import ElementalDose, SaltDose, UnstatedDose
    from mgdecide.domain.patient import Patient
    from mgdecide.domain.verdicts import Finding, Gate, Regimens, Status, Unknown, Withheld
    from mgdecide.errors import InvalidRecord, MgdecideError
    from mgdecide.knowledge.edition import Knowledge

# The door opens rooms late: importing mgdecide reads no file and loads neither pydantic nor pint.
_ROOMS = {
    "read_patient": "mgdecide.adapters.record.records",
    "Assessment": "mgdecide.assessment",
    "assess": "mgdecide.assessment",
    "ElementalDose": "mgdecide.domain.doses",
    "SaltDose": "mgdecide.domain.doses",
    "UnstatedDose": "mgdecide.domain.doses",
    "Patient": "mgdecide.domain.patient",
    "Finding": "mgdecide.domain.verdicts",
    "Gate": "mgdecide.domain.verdicts",
    "Regimens": "mgdecide.domain.verdicts",
    "Status": "mgdecide.domain.verdicts",
    "Unknown": "mgdecide.domain.verdicts",
    "Withheld": "mgdecide.domain.verdicts",
    "InvalidRecord": "mgdecide.errors",
    "MgdecideError": "mgdecide.errors",
    "Knowledge": "mgdecide.knowledge.edition",
}

__all__ = [
    "Assessment",
    "ElementalDose",
    "Finding",
    "Gate",
    "InvalidRecord",
    "Knowledge",
    "MgdecideError",
    "Patient",
    "Regimens",
    "SaltDose",
    "Status",
    "Unknown",
    "UnstatedDose",
    "Withheld",
    "__version__",
    "assess",
    "read_patient",
]


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        return getattr(import_module(_ROOMS[name]), name)
    # With name and object Python suggests the nearest of __dir__.
    raise AttributeError(f"module 'mgdecide' has no attribute {name!r}", name=name, obj=modules[__name__])


def __dir__() -> list[str]:
    return __all__
