"""Clocks that are wrong, or jump: ours, and the clients'."""

from __future__ import annotations

from pathlib import Path

import pytest

from mgdecide.adapters.web.outcomes import ServiceError
from tests.service.ehr import KIDNEY, LOW, NOW, VIEW, Chart, egfr, magnesium, phq9_item_9, running
from tests.service.test_tokens import EC, KEYS, URL, Keys, gate, public, token

DAY = 86_400


def test_the_day_is_that_of_the_call_not_of_the_start(tmp_path: Path) -> None:
    """A service that runs for months judges each call on its own day."""
    with running(tmp_path) as service:
        fresh = service.call(VIEW, KIDNEY).json()
        service.clock[0] = NOW + 3 * 365 * DAY
        stale = service.call(VIEW, KIDNEY).json()
        service.clock[0] = NOW
        assert service.call(VIEW, KIDNEY).json() == fresh
    assert fresh["extension"]["mgdecide"]["gate"] == "closed"
    assert stale["extension"]["mgdecide"]["gate"] == "undecided"  # too old to be known, never open


@pytest.mark.parametrize("back", [30 * DAY, 400 * DAY, NOW])
def test_with_a_clock_that_is_behind_results_are_unknown_and_somebody_is_told(tmp_path: Path, back: float) -> None:
    chart = Chart(labs=(*LOW.labs, magnesium(0.9, day="2020-01-01")), scores=(phq9_item_9(2),))
    with running(tmp_path) as service:
        service.clock[0] = NOW - back
        answer = service.call(VIEW, chart)
        assert answer.json()["extension"]["mgdecide"]["gate"] != "open"
        (told, _) = service.logged()[-2:]
        assert (told["event"], told["level"]) == ("dated-after-today", "warning")
        assert set(told) == {"at", "event", "level", "number", "today"}
        assert f"mgdecide_later_total {told['number']}" in service.client.get("/metrics").text
        for card in answer.json()["cards"]:
            assert f"dated after {told['today']}, not used" in card["detail"]
    assert told["number"] >= 3


def test_one_slip_of_a_pen_is_told_on_the_card(tmp_path: Path) -> None:
    chart = Chart(labs=(*KIDNEY.labs, egfr(90, day="2062-08-20")))
    with running(tmp_path) as service:
        (first, *_) = service.cards(VIEW, chart)
        assert "gate.kidney" in first["source"]["topic"]["code"]
        assert "1 dated after 2026-08-29, not used" in first["detail"]


def test_the_times_in_the_files_follow_the_clock_and_nothing_else_does(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.call(VIEW, KIDNEY)
        service.clock[0] = NOW - DAY
        service.call(VIEW, KIDNEY)
        days = [line["at"][:10] for line in service.lines("cards.jsonl")]
        milliseconds = [line["milliseconds"] for line in service.logged() if line["event"] == "request"]
    assert days == ["2026-08-29", "2026-08-28"]
    assert all(0 <= each < 10_000 for each in milliseconds)


# --- tokens -------------------------------------------------------------------------------------------------


def test_a_jump_of_the_clock_lets_no_token_in_twice() -> None:
    clock = [NOW]
    made = gate(Keys(KEYS), clock)
    first = token()
    made.check(f"Bearer {first}", URL)
    for now in (NOW + 30, NOW - 30, NOW + DAY, NOW - DAY, NOW):
        clock[0] = now
        with pytest.raises(ServiceError) as refused:
            made.check(f"Bearer {first}", URL)
        assert refused.value.status == 401
    made.check(f"Bearer {token()}", URL)  # set right again, it lets new ones in


def test_keys_are_fetched_again_also_after_the_clock_was_set_back() -> None:
    clock, keys = [NOW], Keys({"keys": [public(EC, "old")]})
    made = gate(keys, clock)
    made.check(f"Bearer {token(kid='old')}", URL)
    keys.keys, clock[0] = KEYS, NOW - DAY
    made.check(f"Bearer {token(iat=clock[0], exp=clock[0] + 300)}", URL)
    assert keys.fetched == 2


def test_over_a_long_time_no_more_tokens_are_remembered_than_live_at_once() -> None:
    clock, keys, most = [NOW], Keys(KEYS), 40
    made = gate(keys, clock, most=most)
    old = token(exp=NOW + 60)
    made.check(f"Bearer {old}", URL)
    for _ in range(200):  # each lives two minutes and is kept for three: some 18 at once
        clock[0] += 10
        made.check(f"Bearer {token(iat=clock[0], exp=clock[0] + 120)}", URL)
    assert len(made._seen) <= most
    assert keys.fetched == 1
    with pytest.raises(ServiceError):
        made.check(f"Bearer {old}", URL)
