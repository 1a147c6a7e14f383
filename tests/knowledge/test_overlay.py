"""A site's own limits: what may change, in which direction, in which units, and that the change is named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mgdecide.errors import InvalidOverlay
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.limits import all_limits, load_limits
from mgdecide.knowledge.overlay import SITE_SOURCE, Overlay, read_overlay
from mgdecide.rules.rulebook import rulebook

HEAD = 'name = "North Hospital"\nversion = "3"\napprover = "Dr A. Example"\n'
LIMITS = load_limits()


def overlay(*limits: str, head: str = HEAD) -> Overlay:
    return read_overlay(head + "[limits]\n" + "\n".join(limits))


def refuse(*limits: str, head: str = HEAD) -> dict[str, str]:
    with pytest.raises(InvalidOverlay) as caught:
        overlay(*limits, head=head)
    return {problem.code: str(problem) for problem in caught.value.problems}


def test_an_override_replaces_the_limit_and_is_named() -> None:
    found = overlay('"oral-magnesium.kidney-stop" = { "mL/min/1.73m2" = "45" }')
    changed = found.limits["oral-magnesium.kidney-stop"]
    assert changed.edges == {"mL/min/1.73m2": Decimal(45)}
    assert changed.sources == (SITE_SOURCE,)
    assert found.to_record() == {
        "name": "North Hospital",
        "version": "3",
        "approver": "Dr A. Example",
        "limits": [
            {
                "id": "oral-magnesium.kidney-stop",
                "default": {"mL/min/1.73m2": "30"},
                "site": {"mL/min/1.73m2": "45"},
            }
        ],
    }
    laid = found.over(LIMITS)
    assert laid["oral-magnesium.kidney-stop"] is changed
    assert {id for id in LIMITS if laid[id] is not LIMITS[id]} == {"oral-magnesium.kidney-stop"}


def test_an_overlay_may_be_a_mapping() -> None:
    given = {"name": "N", "version": "1", "approver": "A", "limits": {"stale.result": {"days": 30}}}
    assert read_overlay(given).limits["stale.result"].edges == {"days": Decimal(30)}


def test_an_overlay_may_change_no_limit() -> None:
    found = read_overlay(HEAD + 'crisis_line = "Call 116 123"')
    assert (found.crisis_line, dict(found.limits)) == ("Call 116 123", {})
    assert found.to_record()["crisis_line"] == "Call 116 123"


# --- units ----------------------------------------------------------------------------------------------------


def test_one_unit_is_enough_and_the_others_follow_exactly() -> None:
    changed = overlay('"serum-magnesium.hypo-default" = { "mmol/L" = "0.72" }').limits["serum-magnesium.hypo-default"]
    assert changed.printed == {"mmol/L": Decimal("0.72")}
    assert changed.edges["mg/dL"] == Decimal("0.72") * Decimal("2.4305")
    assert changed.edges["mEq/L"] == Decimal("1.44")
    assert changed.derived == {"mg/dL", "mEq/L", "umol/L", "mg/L"}


def test_all_printed_units_stand_as_written() -> None:
    changed = overlay(
        '"serum-magnesium.hypo-default" = { "mmol/L" = "0.66", "mg/dL" = "1.6", "mEq/L" = "1.3" }'
    ).limits["serum-magnesium.hypo-default"]
    assert {unit: str(edge) for unit, edge in changed.printed.items()} == {
        "mmol/L": "0.66",
        "mg/dL": "1.6",
        "mEq/L": "1.3",
    }
    assert changed.edges["mg/L"] == 16


def test_units_given_in_part_are_refused() -> None:
    found = refuse('"serum-magnesium.hypo-default" = { "mmol/L" = "0.66", "mg/dL" = "1.6" }')
    assert "mmol/L, mg/dL, mEq/L" in found["MGD-O109"]


@pytest.mark.parametrize("unit", ["g/L", "mmol", "mL/min/1.73m2", ""])
def test_a_unit_the_fact_does_not_have_is_refused(unit: str) -> None:
    assert "mmol/L" in refuse(f'"gitelman.floor" = {{ "{unit}" = "0.6" }}')["MGD-O107"]


# --- directions and locks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "unit", "stricter", "looser"),
    [
        ("oral-magnesium.kidney-stop", "mL/min/1.73m2", "30.1", "29.9"),
        ("serum-magnesium.critical-low", "mmol/L", "0.41", "0.39"),
        ("serum-magnesium.hyper", "mmol/L", "1.22", "1.24"),
        ("urgent.critical-high", "mg/dL", "4.9", "5.1"),
        ("urgent.potassium-low", "mmol/L", "3.1", "2.9"),
        ("qtc.high-risk", "ms", "499", "501"),
    ],
)
def test_a_lock_lets_one_direction_through(id: str, unit: str, stricter: str, looser: str) -> None:
    default = str(LIMITS[id].printed[unit])
    for edge in (default, stricter):
        assert overlay(f'"{id}" = {{ "{unit}" = "{edge}" }}').limits[id].edges[unit] == Decimal(edge)
    message = refuse(f'"{id}" = {{ "{unit}" = "{looser}" }}')["MGD-O106"]
    assert f"{default} {unit} or {LIMITS[id].stricter}" in message


def test_a_converted_unit_never_loosens_what_is_printed() -> None:
    """2.06 mmol/L is 5.007 mg/dL, but the printed edge is 5.0: writing the default in one unit changes nothing."""
    changed = overlay('"urgent.critical-high" = { "mmol/L" = "2.06" }').limits["urgent.critical-high"]
    assert changed.edges["mg/dL"] == Decimal("5.0")
    assert changed.edges["mmol/L"] == Decimal("2.06")


DIRECTED = sorted(id for id, limit in LIMITS.items() if limit.stricter is not None)


@given(st.sampled_from(DIRECTED), st.decimals("0.2", "5", places=3), st.data())
def test_no_accepted_overlay_loosens_a_directed_limit(id: str, share: Decimal, data: st.DataObject) -> None:
    limit = LIMITS[id]
    unit = data.draw(st.sampled_from(sorted(limit.edges)))
    try:
        changed = read_overlay(
            {
                "name": "N",
                "version": "1",
                "approver": "A",
                "limits": {id: {unit: str(round(limit.edges[unit] * share, 6))}},
            }
        ).limits[id]
    except InvalidOverlay:
        return
    assert set(changed.edges) == set(limit.edges)
    assert not any(limit.loosens(each, edge) for each, edge in changed.edges.items())


@pytest.mark.parametrize("id", sorted(id for id in LIMITS if id.startswith("suicide-item.")))
def test_suicide_items_are_locked_for_every_site(id: str) -> None:
    assert "locked" in refuse(f'"{id}" = {{ points = "2" }}')["MGD-O105"]


@pytest.mark.parametrize("id", ["ctcae.hypomagnesaemia-2", "plausible.serum_magnesium.low", "scale.phq9-mild"])
def test_published_definitions_and_house_bounds_are_not_a_sites_to_change(id: str) -> None:
    unit = next(iter(LIMITS[id].printed))
    assert "MGD-O104" in refuse(f'"{id}" = {{ "{unit}" = "1" }}')


def test_an_unknown_id_is_told_the_nearest() -> None:
    found = refuse('"oral-magnesium.kidny-stop" = { "mL/min/1.73m2" = "45" }')
    assert "nearest: oral-magnesium.kidney-stop" in found["MGD-O103"]


# --- numbers, order, texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("edge", ["45.0", "true", '"NaN"', '"inf"', '"about 45"', '""', '"1e400"', "[45]"])
def test_a_number_must_be_exact(edge: str) -> None:
    assert "MGD-O108" in refuse(f'"oral-magnesium.kidney-stop" = {{ "mL/min/1.73m2" = {edge} }}')


@pytest.mark.parametrize(
    ("id", "unit", "edge"),
    [
        ("oral-magnesium.kidney-stop", "mL/min/1.73m2", "300"),
        ("serum-magnesium.hypo-default", "mmol/L", "-1"),
        ("serum-magnesium.risk-limit", "mg/dL", "85"),
        ("stale.result", "days", "-1"),
    ],
)
def test_a_number_must_be_plausible(id: str, unit: str, edge: str) -> None:
    assert "MGD-O108" in refuse(f'"{id}" = {{ "{unit}" = "{edge}" }}')


def test_limits_must_still_rise() -> None:
    assert "serum-magnesium.high-default" in refuse('"serum-magnesium.risk-limit" = { "mmol/L" = "1.2" }')["MGD-O110"]
    together = overlay(
        '"serum-magnesium.risk-limit" = { "mmol/L" = "1.05" }', '"serum-magnesium.high-default" = { "mmol/L" = "1.10" }'
    )
    assert set(together.limits) == {"serum-magnesium.risk-limit", "serum-magnesium.high-default"}


def test_a_trimester_range_answers_once_a_site_has_set_it() -> None:
    found = overlay(
        '"pregnancy.trimester-3.low" = { "mg/dL" = "1.1" }', '"pregnancy.trimester-3.high" = { "mg/dL" = "2.2" }'
    )
    low = found.limits["pregnancy.trimester-3.low"]
    assert not low.site_only
    assert low.edges["mg/dL"] == Decimal("1.1")
    assert low.edges["mmol/L"] < Decimal("0.4526")
    swapped = refuse(
        '"pregnancy.trimester-3.low" = { "mg/dL" = "2.2" }', '"pregnancy.trimester-3.high" = { "mg/dL" = "1.1" }'
    )
    assert "MGD-O110" in swapped


@pytest.mark.parametrize(("locale", "edge"), [("US", 350), ("EU", 250)])
def test_the_locale_chooses_the_upper_level(locale: str, edge: int) -> None:
    found = read_overlay(HEAD + f'locale = "{locale}"')
    assert found.over(LIMITS)["upper-level.here"].edges == {"mg/day": Decimal(edge)}
    assert [changed.id for changed in found.changed] == (["upper-level.here"] if locale == "EU" else [])


def test_the_upper_level_itself_is_set_by_locale_only() -> None:
    assert "set locale" in refuse('"upper-level.here" = { "mg/day" = "400" }')["MGD-O104"]


@pytest.mark.parametrize(
    ("head", "path"),
    [
        ('version = "3"\napprover = "A"\n', "name"),
        ('name = "N"\napprover = "A"\n', "version"),
        ('name = "N"\nversion = "3"\n', "approver"),
        (HEAD + "nam = 1\n", "nam"),
        (HEAD + 'locale = "UK"\n', "locale"),
        (HEAD + "crisis_line = 116123\n", "crisis_line"),
        (HEAD + 'crisis_line = "two\\nlines"\n', "crisis_line"),
        (HEAD + f'crisis_line = "{"x" * 301}"\n', "crisis_line"),
        (HEAD.replace('"3"', "3"), "version"),
    ],
)
def test_names_and_texts_are_checked(head: str, path: str) -> None:
    with pytest.raises(InvalidOverlay) as caught:
        read_overlay(head)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [("MGD-O102", path)]


@pytest.mark.parametrize("text", ["[limits", "name = ", "a = " + "[" * 5000, "x" * 200_001, "name = 'a'\nname = 'b'"])
def test_what_is_not_toml_is_refused(text: str) -> None:
    with pytest.raises(InvalidOverlay) as caught:
        read_overlay(text)
    assert caught.value.code == "MGD-O101"


def test_all_mistakes_are_told_at_once() -> None:
    found = refuse(
        '"nobody.knows" = { points = "1" }',
        '"suicide-item.phq9" = { points = "2" }',
        '"oral-magnesium.kidney-stop" = { "mL/min/1.73m2" = "20" }',
        '"stale.result" = "90"',
        head='locale = "UK"\n',
    )
    assert set(found) == {"MGD-O102", "MGD-O103", "MGD-O105", "MGD-O106", "MGD-O108"}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.dictionaries(st.sampled_from([*LIMITS, "days", "mmol/L", "limits", "name", "x"]), inner, max_size=3)
            | st.lists(inner, max_size=3)
        ),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, dict))
)
def test_whatever_is_given_the_answer_is_an_overlay_or_an_error(given: dict[str, object]) -> None:
    limits = given.get("limits", given)
    try:
        found = read_overlay({"name": "N", "version": "1", "approver": "A", "limits": limits})
    except InvalidOverlay:
        return
    assert not all_limits().with_limits(found.limits).disorder()


def test_a_limit_only_a_site_can_set_does_not_make_a_rule_recalled() -> None:
    """Trimester ranges are recalled and in nobody's answer until a site sets one; then the site vouches for it."""
    knowledge = default_knowledge()
    assert not knowledge.in_force("pregnancy.trimester-1.low")
    assert not knowledge.is_verified("pregnancy.trimester-1.low")
    assert knowledge.in_force("oral-magnesium.kidney-stop")
    rules = {rule.id: rule for rule in rulebook(knowledge).rules}
    assert rules["gate.high-magnesium"].verified
    assert "abbassi-ghanavati-2009" not in rules["gate.high-magnesium"].sources
    assert not rules["companion.qt-magnesium-target"].verified  # its own number is recalled
