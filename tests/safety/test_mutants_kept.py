"""Every survivor of mutation testing that is argued for still stands in the source, with its argument."""

from __future__ import annotations

import pytest

from fuzz.mutants import ROOT, Kept, kept
from fuzz.mutations import mutants


@pytest.mark.parametrize("entry", kept(), ids=lambda entry: f"{entry.file}: {entry.change}"[:80])
def test_the_change_that_is_argued_for_can_still_be_made(entry: Kept) -> None:
    assert any(entry.fits(mutant) for mutant in mutants(ROOT, ROOT / entry.file))
    assert len(entry.why.split()) > 3


def test_nothing_is_argued_twice() -> None:
    named = [(entry.file, entry.line, entry.change) for entry in kept()]
    assert len(set(named)) == len(named)
