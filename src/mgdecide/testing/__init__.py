"""Strategies and laws for other people's tests (extra ``test``).

    patients(), lab_results(), doses(), salts()   Hypothesis strategies, drawn where rules change their mind
    forget(patient, fact), forgettable()          one fact made unknown, all else as it was
    check_converter(f, salt=...)                  holds your own dose converter against the laws
    LAWS, ASSESS_LAWS, DOOR_LAWS, DOSE_LAWS       the numbered laws; ``law.prove()``

Reading the laws needs no Hypothesis; the strategies do.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mgdecide.testing.assess_laws import ASSESS_LAWS
    from mgdecide.testing.converters import check_converter
    from mgdecide.testing.door_laws import DOOR_LAWS
    from mgdecide.testing.dose_laws import DOSE_LAWS
    from mgdecide.testing.dose_strategies import doses, elemental_doses, salt_doses, salts
    from mgdecide.testing.forgetting import forget, forgettable
    from mgdecide.testing.laws import LAWS
    from mgdecide.testing.patient_strategies import lab_results, patients

_ROOMS = {
    "ASSESS_LAWS": "assess_laws",
    "check_converter": "converters",
    "DOOR_LAWS": "door_laws",
    "DOSE_LAWS": "dose_laws",
    "doses": "dose_strategies",
    "elemental_doses": "dose_strategies",
    "salt_doses": "dose_strategies",
    "salts": "dose_strategies",
    "forget": "forgetting",
    "forgettable": "forgetting",
    "LAWS": "laws",
    "lab_results": "patient_strategies",
    "patients": "patient_strategies",
}

__all__ = [
    "ASSESS_LAWS",
    "DOOR_LAWS",
    "DOSE_LAWS",
    "LAWS",
    "check_converter",
    "doses",
    "elemental_doses",
    "forget",
    "forgettable",
    "lab_results",
    "patients",
    "salt_doses",
    "salts",
]


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        try:
            return getattr(import_module(f"mgdecide.testing.{_ROOMS[name]}"), name)
        except ModuleNotFoundError as error:
            if error.name != "hypothesis":
                raise
            told = f'mgdecide.testing.{name} needs Hypothesis: pip install "mgdecide[test]"'
            raise ModuleNotFoundError(told, name=error.name) from None
    raise AttributeError(f"module 'mgdecide.testing' has no attribute {name!r}")
