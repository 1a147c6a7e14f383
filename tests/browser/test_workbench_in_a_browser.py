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


@pytest.mark.parametrize("name", ["", *example_names(), "fhir-bundle"])
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
    for address in ("/explain/gate.kidney", "/nothing-here"):
        page.goto(base + address)
        assert page.locator("h1").count() == 1
        assert violations(page, axe) == []
    page.click("text=To the workbench")
    assert page.locator("#patient-form").count() == 1


def test_axe_finds_nothing_where_there_are_mistakes(browser: Any, base: str, axe: str) -> None:
    context = browser.new_context(java_script_enabled=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(base)
    page.fill("#age_years", "old")
    page.fill("#phq9_total", "99")
    with page.expect_navigation():
        page.click("button.primary")
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
    page.goto(f"{base}/?example=demo-1")
    assert page.title().startswith("Gate open")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0, "the skip link is seen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#result') !== null"), "it leads past the form"
    page.focus("#egfr_value")
    page.keyboard.press("Control+A")
    page.keyboard.type("22")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#egfr_value").input_value() == "22"
    assert page.title().startswith("Gate closed")


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
    assert page.locator("#outdated").is_hidden()
    assert "egfr_value-error" in page.locator("#egfr_value").get_attribute("aria-describedby")
    page.fill("#egfr_value", "90")
    page.wait_for_selector("#egfr_value-error", state="detached")
    assert page.locator("#gate-title").inner_text().endswith("Open")
    assert page.complaints == []


def test_what_the_service_did_not_answer_is_told_to_be_old(page: Any, base: str) -> None:
    """An assessment that no longer agrees with the form must never look as if it did."""
    page.goto(f"{base}/?example=demo-1")
    page.route("**/workbench/fragment", lambda route: route.abort())
    page.fill("#egfr_value", "22")
    page.wait_for_selector("#outdated:not([hidden])")
    assert "before your last change" in page.locator("#outdated").inner_text()
    assert page.locator("#news").text_content() == page.locator("#outdated").text_content()
    page.unroute("**/workbench/fragment")
    page.fill("#egfr_value", "23")
    page.wait_for_selector("#gate.gate-closed")
    assert page.locator("#outdated").is_hidden()


def test_everything_unfolds_and_folds_at_once(page: Any, base: str) -> None:
    page.goto(f"{base}/?example=demo-1")
    button = page.get_by_role("button", name="Unfold all")
    button.click()
    assert page.locator("#result details:not([open])").count() == 0
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.locator("#result details[open]").count() == 0


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
    assert page.locator("#outdated, [data-unfold]").filter(visible=True).count() == 0
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
    assert page.url.endswith("#age_years")
    page.goto(f"{base}/?example=unit-question")
    page.check("input[value='mg/dL'][type=radio]")
    page.click("text=Continue")
    assert page.locator("#gate").count() == 1, "the question is answered without a script"
    page.click("text=Patient view")
    assert "Your magnesium result" in page.title()
    page.click("text=Back to the clinician")
    assert page.locator("#gate").count() == 1
    page.click("text=Edit as JSON")
    assert "unit_confirmed" in page.locator("#pasted").input_value()
    context.close()


# --- print, motion ------------------------------------------------------------------------------------------


def test_on_paper_stands_what_is_unfolded_and_nothing_to_click(page: Any, base: str, tmp_path: Path) -> None:
    page.goto(f"{base}/?example=demo-1")
    sizes = []
    for name in ("folded", "unfolded"):
        page.emulate_media(media="print")
        assert page.locator(".entry").is_hidden()
        assert page.locator(".tools").is_hidden()
        assert page.locator("#texts").is_hidden(), "copies of the same are not printed"
        assert page.locator("#gate").is_visible()
        assert page.locator(".provenance .on-paper").is_visible()
        assert page.locator("#to-do details").first.is_visible() is (name == "unfolded")
        assert page.locator("#sources").is_visible() is (name == "unfolded")
        path = tmp_path / f"{name}.pdf"
        page.pdf(path=str(path), format="A4")
        sizes.append(path.read_bytes().count(b"/Type /Page\n"))
        page.emulate_media(media="screen")
        page.get_by_role("button", name="Unfold all").click()
    assert 2 <= sizes[0] <= 10
    assert sizes[1] > sizes[0]


def test_signs_and_words_stay_in_forced_colours(browser: Any, base: str) -> None:
    """Where the system chooses every colour, shapes, words and frames still tell the gate."""
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(f"{base}/?example=closed-kidney")
    assert page.locator("#gate-title").inner_text().endswith("Closed")
    assert page.locator("#gate-title svg.sign").is_visible()
    frame = "getComputedStyle(document.querySelector('#gate')).borderLeftColor"
    paper = "getComputedStyle(document.querySelector('#gate')).backgroundColor"
    assert page.evaluate(frame) != page.evaluate(paper)
    context.close()


def test_nothing_moves_for_those_who_asked_for_it(browser: Any, base: str) -> None:
    for wish, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        context = browser.new_context(reduced_motion=wish)
        page = context.new_page()
        page.goto(base)
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour
        context.close()


# --- what the page may ask for --------------------------------------------------------------------------------


def test_the_whole_path_asks_nothing_of_anyone_else(page: Any, base: str) -> None:
    """Every request of a whole visit is to the service, and the browser itself would refuse any other."""
    page.goto(base)
    policy = page.request.get(base).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page.click("text=Low magnesium, gate open")
    page.wait_for_selector("#gate")
    page.fill("#age_years", "61")
    page.wait_for_selector(".who >> text=61 years")
    page.click("text=Patient view")
    page.click("text=Back to the clinician")
    page.click("text=Edit as JSON")
    page.wait_for_selector("#pasted")
    assert {address.split("?")[0].removeprefix(base) for address in page.asked if not address.startswith("data:")} == {
        "/",
        "/static/workbench.css",
        "/static/workbench.js",
        "/static/icon.svg",
        "/workbench/fragment",
        "/patient-view",
    }
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.asked.clear()
    refused = page.evaluate(
        "(address) => fetch(address).then(() => 'asked', () => 'refused')", base.replace("127.0.0.1", "127.0.0.2")
    )
    assert refused == "refused"
