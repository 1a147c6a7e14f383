"""The laws of doses over generated values. Needs the extra ``test``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from mgdecide.testing import dose_laws as laws
from mgdecide.testing import dose_strategies as doses

_EVERY_SALT_DOSE = doses.salt_doses() | doses.family_doses()
_EVERY_DOSE = doses.doses() | doses.family_doses()


def _mistake(mistake: doses.Invalid) -> None:
    laws.mistakes_have_codes(mistake.amount, mistake.salt, mistake.code)


PROOFS: Mapping[str, Callable[[], None]] = {
    "UNIT-01": given(doses.salt_doses())(laws.round_trip),
    "UNIT-02": given(st.fractions(min_value=0, max_value=10**6))(laws.amounts_of_substance),
    "UNIT-03": given(doses.salt_doses(), doses.salt_doses())(laws.additivity),
    "UNIT-04": given(_EVERY_SALT_DOSE, _EVERY_SALT_DOSE)(laws.more_is_not_less),
    "UNIT-05": given(_EVERY_SALT_DOSE)(laws.part_of_the_whole),
    "UNIT-06": given(doses.salt_doses(), doses.elemental_doses(), doses.unstated_doses())(laws.no_sum_across_bases),
    "UNIT-07": given(_EVERY_DOSE)(laws.print_and_read),
    "UNIT-08": given(doses.salt_doses())(laws.no_sum_across_periods),
    "UNIT-09": given(doses.unstated_doses())(laws.unstated_holds_both),
    "UNIT-10": given(doses.family_doses())(laws.family_holds_its_forms),
    "UNIT-11": given(_EVERY_DOSE)(laws.written_again),
    "UNIT-12": given(doses.salts() | doses.families())(laws.spelling_makes_no_difference),
    "UNIT-13": given(doses.invalid_doses())(_mistake),
}
"""A proof for each law, by number."""
