"""Our own doses obey the laws that we hand to others, and the laws can be broken."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys

import pytest
from hypothesis import given

from mgdecide.domain import safeprint
from mgdecide.domain.doses import SaltDose
from mgdecide.domain.salts import Salt, find_salt
from mgdecide.errors import PeriodMixed
from mgdecide.testing import dose_laws
from mgdecide.testing import dose_strategies as doses
from mgdecide.testing.dose_laws import DOSE_LAWS, Law
from mgdecide.testing.dose_proofs import PROOFS


@pytest.mark.parametrize("law", DOSE_LAWS, ids=lambda law: law.id)
def test_the_law_holds(law: Law) -> None:
    law.prove()


def test_every_law_has_a_number_a_function_and_a_proof() -> None:
    assert [law.id for law in DOSE_LAWS] == [f"UNIT-{number:02}" for number in range(1, len(DOSE_LAWS) + 1)]
    assert set(PROOFS) == {law.id for law in DOSE_LAWS}
    for law in DOSE_LAWS:
        assert inspect.getdoc(getattr(dose_laws, law.function)) == f"{law.id}: {law.sentence}."


def test_reading_the_laws_needs_no_hypothesis() -> None:
    program = "import sys; import mgdecide.testing.dose_laws; assert 'hypothesis' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


class TestLawsCanFail:
    """A law that nothing can break proves nothing."""

    def test_round_trip(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dose_laws, "to_salt", lambda dose: SaltDose("1 mg", "magnesium oxide"))
        with pytest.raises(AssertionError):
            dose_laws.round_trip(SaltDose("2 mg", "magnesium oxide"))

    def test_no_sum_across_periods(self) -> None:
        with pytest.raises(AssertionError, match="has a sum"):
            dose_laws._refuses(1, 1, PeriodMixed)

    def test_mistakes_have_codes(self) -> None:
        with pytest.raises(AssertionError, match="500 mg"):
            dose_laws.mistakes_have_codes("500 mg", "magnesium oxide", "MGD-U109")

    def test_print_and_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(safeprint, "check", lambda text: ("a problem",))
        with pytest.raises(AssertionError):
            dose_laws.print_and_read(SaltDose("2 mg", "magnesium oxide"))


@given(doses.salt_doses())
def test_salt_doses_are_exact(dose: SaltDose) -> None:
    assert isinstance(dose.salt, Salt)
    assert dose.elemental_mg_interval.is_exact


@given(doses.family_doses())
def test_family_doses_leave_the_form_open(dose: SaltDose) -> None:
    assert not dose.elemental_mg_interval.is_exact


@given(doses.salt_names())
def test_salt_names_are_names_of_one_form(name: str) -> None:
    assert isinstance(find_salt(name), Salt)


def test_the_strategies_draw_every_mistake_that_text_can_hold() -> None:
    """U101, U103, U110, U112, U113 are errors of combining; U107 of numbers; U114 of the basis."""
    drawn = {mistake[2] for mistake in doses._MISTAKES}
    assert drawn == {f"MGD-U{number}" for number in (102, 104, 105, 106, 108, 109, 111)}


def test_law_functions_are_plain_python() -> None:
    tree = ast.parse(inspect.getsource(dose_laws))
    top = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert not any((node.module or "").startswith("hypothesis") for node in top)
