"""The workbench in a real browser: by mouse, by keyboard, without JavaScript, zoomed, printed, and by axe's rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mgdecide.adapters.examples import example_names, example_text

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations
    .map(each => each.id + ': ' + each.nodes.map(node => node.target.join(' ')).slice(0, 4).join(' | '))"""


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[str] = page.evaluate(_RUN, TAGS)
    return found


def unfold(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")


# --- accessibility ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", *example_names()])
def test_axe_finds_nothing(page: Any, base: str, axe: str, name: str) -> None:
    page.goto(f"{base}/?example={name}" if name else base)
    unfold(page)
    assert violations(page, axe) == []
    assert page.complaints == []
    assert all(address.startswith((base, "data:")) for address in page.asked), "nothing is asked of any other host"


def test_axe_finds_nothing_on_the_other_pages(page: Any, base: str, axe: str) -> None:
    page.goto(f"{base}/?example=demo-1")
    page.click("text=Edit as JSON")
    assert page.locator("#pasted").count() == 1
    assert violations(page, axe) == []
    page.goto(f"{base}/?example=suicide-item")
    page.click("text=Patient view")
    assert "Your magnesium result" in page.title()
    assert violations(page, axe) == []
    page.goto(f"{base}/explain/gate.kidney")
    assert violations(page, axe) == []


def test_axe_finds_nothing_where_there_are_mistakes(browser: Any, base: str, axe: str) -> None:
    context = browser.new_context(java_script_enabled=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(base)
    page.fill("#age_years", "old")
    page.fill("#phq9_total", "99")
    page.click("button.primary")
    page.wait_for_load_state()
    assert violations(page, axe) == []
    assert page.locator("#age_years").get_attribute("aria-invalid") == "true"
    context.close()


@pytest.mark.parametrize("width", [320, 390, 640])
def test_nothing_is_lost_on_a_narrow_or_zoomed_page(browser: Any, base: str, axe: str, width: int) -> None:
    """320 CSS pixels are 1280 at 400 percent, 640 are 1280 at 200 percent: only pictures and tables may scroll."""
    context = browser.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    for name in ("demo-1", "critical-low", "unit-question"):
        page.goto(f"{base}/?example={name}")
        unfold(page)
        wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= room
        assert violations(page, axe) == []
    context.close()


# --- by keyboard --------------------------------------------------------------------------------------------


def test_by_keyboard_alone(page: Any, base: str) -> None:
    page.goto(f"{base}/?example=closed-kidney")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0, "the skip link is seen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#result') !== null"), "it leads past the form"
    page.focus("#egfr_value")
    page.keyboard.press("Control+A")
    page.keyboard.type("80")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert page.locator("#egfr_value").input_value() == "80"
    assert "closed" not in page.title().lower()


def test_focus_is_seen_and_never_hidden(page: Any, base: str) -> None:
    """Every stop on the way has an outline, and none lies under the bar of buttons."""
    page.goto(f"{base}/?example=demo-1")
    seen = 0
    for _ in range(70):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const it = document.activeElement, box = it.getBoundingClientRect(),
                bar = document.querySelector('.stays').getBoundingClientRect(), style = getComputedStyle(it);
                return { outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                         hidden: !it.closest('.stays') && box.top >= bar.top && box.bottom <= bar.bottom
                                 && box.left < bar.right && box.right > bar.left && bar.bottom >= innerHeight - 1,
                         what: it.id || it.textContent }; }"""
        )
        assert found["outline"], found
        assert not found["hidden"], found
        seen += 1
    assert seen == 70


# --- what is typed ------------------------------------------------------------------------------------------


def test_the_assessment_follows_what_is_typed(page: Any, base: str) -> None:
    page.goto(f"{base}/?example=demo-1")
    assert page.locator("#gate-title").inner_text().endswith("Open")
    page.fill("#egfr_value", "22")
    page.wait_for_selector("#gate.gate-closed")
    assert "Gate closed" in page.locator("#news").text_content()
    assert page.locator("#egfr_value").input_value() == "22"
    page.fill("#egfr_value", "lots")
    page.wait_for_selector("#egfr_value-error")
    assert page.locator("#egfr_value").get_attribute("aria-invalid") == "true"
    assert "egfr_value-error" in page.locator("#egfr_value").get_attribute("aria-describedby")
    page.fill("#egfr_value", "90")
    page.wait_for_selector("#egfr_value-error", state="detached")
    assert page.locator("#gate-title").inner_text().endswith("Open")
    assert page.complaints == []


def test_what_was_unfolded_stays_so(page: Any, base: str) -> None:
    page.goto(f"{base}/?example=demo-1")
    page.locator("#to-do details summary").first.click()
    page.fill("#age_years", "60")
    page.wait_for_selector(".who >> text=60 years")
    assert page.locator("#to-do details").first.get_attribute("open") is not None


def test_the_unit_question_stands_in_the_way_and_keeps_the_answer(page: Any, base: str) -> None:
    page.goto(base)
    page.fill("#serum_magnesium_value", "1.9")
    page.select_option("#serum_magnesium_unit", "mmol/L")
    page.wait_for_selector("#unit-question")
    assert page.locator("#gate").count() == 0
    page.check("input[value='mg/dL'][type=radio]")
    page.click("text=Continue")
    page.wait_for_selector("#gate")
    assert page.locator("#serum_magnesium_unit").input_value() == "mg/dL"


def test_a_record_is_pasted(page: Any, base: str) -> None:
    page.goto(base)
    page.click("text=Edit as JSON")
    page.fill("#pasted", example_text("critical-low"))
    page.wait_for_selector("#urgent")
    page.fill("#pasted", "{")
    page.wait_for_selector(".mistakes")
    assert "MGD-R102" in page.locator("#pasted-error, .mistakes").first.inner_text() or page.locator(".mistake").count()


def test_without_javascript(browser: Any, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base)
    page.fill("#age_years", "54")
    page.fill("#serum_magnesium_value", "0.61")
    page.select_option("#serum_magnesium_unit", "mmol/L")
    page.fill("#egfr_value", "22")
    page.click("button.primary")
    assert "Gate" in page.title()
    assert page.locator("#gate").inner_text()
    assert page.locator("[data-print]").is_hidden(), "no button that does nothing"
    page.fill("#age_years", "x")
    page.click("button.primary")
    assert page.locator("#age_years-error").inner_text()
    page.click(".mistakes a >> nth=0")
    assert page.evaluate("location.hash") == "#age_years" if context.pages else True
    context.close()


# --- print, motion ------------------------------------------------------------------------------------------


def test_on_paper_the_form_is_gone_and_everything_is_unfolded(page: Any, base: str, tmp_path: Path) -> None:
    page.goto(f"{base}/?example=demo-1")
    page.emulate_media(media="print")
    assert page.locator(".entry").is_hidden()
    assert page.locator(".tools").is_hidden()
    assert page.locator("#gate").is_visible()
    path = tmp_path / "page.pdf"
    page.pdf(path=str(path))
    assert path.stat().st_size > 20_000


def test_nothing_moves_for_those_who_asked_for_it(browser: Any, base: str) -> None:
    for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        context = browser.new_context(reduced_motion=wish)
        page = context.new_page()
        page.goto(base)
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
        context.close()
