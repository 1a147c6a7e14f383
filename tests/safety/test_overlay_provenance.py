"""An overlay cannot be exchanged in silence: each change is named in every answer, and its digest moves."""

from __future__ import annotations

from importlib.resources import files

from mgdecide import assess, read_patient
from mgdecide.knowledge.edition import default_knowledge, with_overlay
from mgdecide.knowledge.overlay import read_overlay
from mgdecide.testing.door_proofs import OVERLAY


def test_one_changed_digit_changes_the_digest_and_is_named() -> None:
    text = files("mgdecide.adapters.examples").joinpath("demo-1.json").read_text(encoding="utf-8")
    seen: set[str] = set()
    for edge in ("30", "45", "46"):
        overlay = OVERLAY.replace('"45"', f'"{edge}"')
        known = with_overlay(default_knowledge(), read_overlay(overlay))
        record = assess(read_patient(text), knowledge=known).to_record()
        provenance = record["provenance"]
        assert isinstance(provenance, dict)
        seen.add(str(provenance["digest"]))
        told = str(provenance)
        assert "oral-magnesium.kidney-stop" in told
        assert f"'{edge}'" in told
        assert "North Hospital" in told
        assert "Dr A. Example" in told
    assert len(seen) == 3
    assert default_knowledge().digest not in seen
