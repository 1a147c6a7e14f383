"""The pages: what a clinician sees of each bundled patient, with and without JavaScript, and nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from mgdecide.adapters.examples import example_names, example_text
from tests.service.ehr import Running, bundle, egfr, magnesium, person

FORM = {"mode": "form", "assessed_on": "2026-08-29"}


class Page(HTMLParser):
    """A page taken apart: every element with its attributes, and the text."""

    VOID = frozenset(("meta", "link", "input", "br", "option"))

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "link", "input"):
            if tag == "option" and self.void_option():
                return
            self.open.append(tag)

    def void_option(self) -> bool:
        """Options of a datalist have no end."""
        return self.open[-1] == "datalist"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def get(service: Running, path: str) -> Page:
    answer = service.client.get(path)
    assert answer.status_code == 200
    return Page(answer.text)


def post(service: Running, values: dict[str, str], path: str = "/", status: int = 200) -> Page:
    answer = service.client.post(path, data=values)
    assert answer.status_code == status, answer.text[:300]
    return Page(answer.text)


def check_page(page: Page) -> None:
    """What holds of every page, whatever is on it."""
    ids = page.ids()
    assert len(ids) == len(set(ids)), {id for id in ids if ids.count(id) > 1}
    assert len(page.named("h1")) == 1
    assert page.named("html")[0]["lang"] == "en"
    labelled = {label["for"] for label in page.named("label")}
    for tag in ("input", "select", "textarea"):
        for field in page.named(tag):
            assert field.get("type") == "hidden" or field["id"] in labelled, field
    for _, attributes in page.elements:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes), "no inline script"
        for name in ("aria-labelledby", "aria-describedby"):
            assert set(attributes.get(name, "").split()) <= set(ids), attributes
        for name in ("src", "action"):
            assert attributes.get(name, "/").startswith("/")
    for link in page.named("link"):
        assert link["href"].startswith("/")
    for anchor in page.named("a"):
        assert anchor["href"].startswith(("/", "#", "http"))
        if anchor["href"].startswith("#"):
            assert anchor["href"][1:] in ids
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("name", ["", *example_names()])
def test_every_example_is_a_sound_page(shared: Running, name: str) -> None:
    check_page(get(shared, f"/?example={name}" if name else "/"))


def test_an_example_that_is_none(shared: Running) -> None:
    assert shared.client.get("/?example=other").status_code == 404


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("demo-1", ["Open", "Bottom line", "Separate", "As studied"[:2], "The evidence is very uncertain"]),
        ("closed-kidney", ["Closed", "Do not start oral magnesium", "Withheld."]),
        ("undecided", ["Undecided", "Measure or ask", "eGFR", "Slow-Mag"]),
        ("unit-question", ["Check the unit of the magnesium result", "1.9 mg/dL", "That is 0.782 mmol/L."]),
        ("suicide-item", ["Immediate action required", "Positive suicide item"]),
        ("critical-low", ["Immediate action required", "Critically low"]),
        ("everything-unknown", ["Serum magnesium was not given", "Undecided"]),
    ],
)
def test_what_an_example_shows(shared: Running, name: str, said: list[str]) -> None:
    page = get(shared, f"/?example={name}")
    for words in said:
        assert words in page.text, words


def test_no_regimen_is_on_the_page_of_a_gate_that_is_not_open(shared: Running) -> None:
    for name in ("closed-kidney", "undecided", "suicide-item"):
        html = shared.client.get(f"/?example={name}").text
        assert 'class="regimen"' not in html
        assert "Trial-fit strip" not in html
    assert 'class="regimen"' in shared.client.get("/?example=demo-1").text


def test_the_urgent_panel_stands_before_everything_else_that_is_said(shared: Running) -> None:
    ids = get(shared, "/?example=suicide-item").ids()
    assert ids.index("urgent") < ids.index("gate") < ids.index("status") < ids.index("evidence")


# --- the form, without JavaScript ---------------------------------------------------------------------------


def test_a_posted_form_is_judged(shared: Running) -> None:
    values = FORM | {
        "age_years": "54",
        "sex": "female",
        "serum_magnesium_value": "1.48",
        "serum_magnesium_unit": "mg/dL",
        "serum_magnesium_on": "2026-08-20",
        "egfr_value": "22",
        "egfr_on": "2026-08-20",
        "medicines": "alendronate 07:00",
    }
    page = post(shared, values)
    check_page(page)
    assert "Closed" in page.text
    assert next(field for field in page.named("input") if field.get("id") == "serum_magnesium_value")["value"] == "1.48"


def test_mistakes_are_listed_above_and_told_beside_their_fields(shared: Running) -> None:
    page = post(shared, FORM | {"age_years": "very old", "phq9_total": "99"}, status=400)
    check_page(page)
    assert "There are 2 mistakes" in page.text
    (age,) = [field for field in page.named("input") if field.get("id") == "age_years"]
    assert age["aria-invalid"] == "true"
    assert age["value"] == "very old"
    assert "age_years-error" in age["aria-describedby"]
    assert {"#age_years", "#phq9_total"} <= {anchor["href"] for anchor in page.named("a")}
    assert "Not assessed" in page.text


def test_what_is_entered_is_escaped(shared: Running) -> None:
    nasty = '"><script>alert(1)</script>'
    for values in (
        FORM | {"age_years": nasty, "medicines": nasty, "other_conditions": nasty},
        {"mode": "json", "pasted": nasty},
        FORM | {"rest": f'{{"id": {nasty!r}}}', "id": nasty},
        FORM | {"medicines": "<img src=x> 07:00"},
    ):
        answer = shared.client.post("/", data=values)
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        check_page(Page(answer.text))


def test_a_record_and_a_bundle_may_be_pasted(shared: Running) -> None:
    import json

    record = post(shared, {"mode": "json", "pasted": example_text("demo-1")})
    check_page(record)
    assert "Open" in record.text
    chart = bundle(person(), magnesium(0.61), egfr(22), magnesium(0.5) | {"status": "entered-in-error", "id": "x"})
    page = post(shared, {"mode": "json", "pasted": json.dumps(chart), "problems": "complete", "drugs": "complete"})
    check_page(page)
    assert "Closed" in page.text
    assert "How the Bundle was read" in page.text
    assert "entered in error" in page.text


@pytest.mark.parametrize("pasted", ["", "{", "[]", '{"resourceType": "Patient"}', '{"ages": 5}', "x" * 50_000])
def test_a_text_that_cannot_be_read_is_a_mistake_beside_the_box(shared: Running, pasted: str) -> None:
    page = post(shared, {"mode": "json", "pasted": pasted}, status=400)
    check_page(page)
    (box,) = [field for field in page.named("textarea") if field["id"] == "pasted"]
    assert box["aria-invalid"] == "true"


def test_the_same_patient_in_the_other_view_and_back(shared: Running) -> None:
    form = shared.client.get("/?example=demo-1").text
    values = fields_of(form)
    json_page = shared.client.post("/", data=values | {"go": "json"}).text
    assert '"weight_kg": 70' in Page(json_page).text.replace("&quot;", '"')
    back = shared.client.post("/", data=fields_of(json_page) | {"go": "form"}).text
    assert fields_of(back) == values | {"mode": "form"}
    check_page(Page(back))


def fields_of(html: str) -> dict[str, str]:
    """What a browser would send for the entry form."""
    form = re.search(r'<form[^>]*id="patient-form".*?</form>', html, re.DOTALL)
    assert form is not None

    class Fields(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, str] = {}
            self.select = self.area = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = {name: value or "" for name, value in attrs}
            if tag == "input" and (given["type"] != "checkbox" or "checked" in given):
                self.found[given["name"]] = given.get("value", "")
            elif tag == "select":
                self.select = given["name"]
            elif tag == "option" and self.select and "selected" in given:
                self.found[self.select] = given["value"]
            elif tag == "textarea":
                self.area = given["name"]
                self.found[self.area] = ""

        def handle_endtag(self, tag: str) -> None:
            self.select = "" if tag == "select" else self.select
            self.area = "" if tag == "textarea" else self.area

        def handle_data(self, data: str) -> None:
            if self.area:
                self.found[self.area] += data

    parsed = Fields()
    parsed.feed(form.group())
    return {name: value for name, value in parsed.found.items() if value}


# --- the unit question --------------------------------------------------------------------------------------

DOUBT = FORM | {
    "age_years": "47",
    "serum_magnesium_value": "1.9",
    "serum_magnesium_unit": "mmol/L",
    "serum_magnesium_on": "2026-08-26",
    "egfr_value": "88",
    "egfr_on": "2026-08-26",
    "conditions_complete": "yes",
    "medications_complete": "yes",
}


def test_a_doubtful_unit_interrupts_before_anything_is_shown(shared: Running) -> None:
    page = post(shared, DOUBT)
    check_page(page)
    assert "unit-question" in page.ids()
    assert "gate" not in page.ids()
    answers = [field["value"] for field in page.named("input") if field.get("name") == "unit_answer"]
    assert answers == ["mmol/L", "mg/dL", "mEq/L", "later"]


@pytest.mark.parametrize(
    ("answer", "value", "level"),
    [("mg/dL", "1.9 mg/dL", "Open"), ("mmol/L", "1.9 mmol/L", "Closed"), ("mEq/L", "1.9 mEq/L", "Open")],
)
def test_the_answer_is_the_users_and_is_kept(shared: Running, answer: str, value: str, level: str) -> None:
    page = post(shared, DOUBT | {"unit_answer": answer})
    assert value in page.text
    assert level in page.text
    values = fields_of(shared.client.post("/", data=DOUBT | {"unit_answer": answer}).text)
    assert values["serum_magnesium_unit"] == answer
    assert values["serum_magnesium_unit_confirmed"] == "yes"


def test_not_now_keeps_the_doubt_and_the_gate_does_not_open(shared: Running) -> None:
    page = post(shared, DOUBT | {"unit_answer": "later"})
    assert "gate" in page.ids()
    assert "Open" not in [words.strip() for words in page.words]
    assert "Check the unit" in page.text


def test_the_unit_of_a_pasted_record_can_be_answered_too(shared: Running) -> None:
    page = post(shared, {"mode": "json", "pasted": example_text("unit-question"), "unit_answer": "mg/dL"})
    assert "1.9 mg/dL" in page.text
    assert "Open" in page.text


# --- fragment, patient view, explanations -------------------------------------------------------------------


def test_the_fragment_is_the_right_side_alone(shared: Running) -> None:
    answer = shared.client.post("/workbench/fragment", data=DOUBT)
    assert "<html" not in answer.text
    assert answer.headers["x-title"] == "Check the unit"
    wrong = shared.client.post("/workbench/fragment", data=FORM | {"age_years": "x"})
    assert wrong.status_code == 200
    assert 'data-field="age_years"' in wrong.text


def test_the_patient_view_has_plain_words_and_no_dose(shared: Running) -> None:
    for name in example_names():
        values = {"mode": "json", "pasted": example_text(name), "unit_answer": "later"}
        answer = shared.client.post("/patient-view", data=values)
        assert answer.status_code == 200
        page = Page(answer.text)
        check_page(page)
        main = answer.text.split("<main")[1].split("<form")[0]
        assert not re.search(r"\d\s*(mg|mmol|mEq|g)\b", re.sub("<[^>]+>", " ", main)), name
    assert "We do not know if magnesium helps with depression." in page.text


def test_the_patient_view_of_an_emergency_says_so_first(shared: Running) -> None:
    page = post(shared, {"mode": "json", "pasted": example_text("suicide-item")}, "/patient-view")
    assert page.text.index("Immediate action required") < page.text.index("We do not know if")


def test_the_way_back_from_the_patient_view_keeps_everything(shared: Running) -> None:
    values = fields_of(shared.client.get("/?example=demo-1").text)
    handed = shared.client.post("/patient-view", data=values).text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', handed)
    import html

    assert {name: html.unescape(value) for name, value in hidden} == values | {"unit_answer": "later"}


def test_every_rule_on_a_page_is_explained(shared: Running) -> None:
    for anchor in get(shared, "/?example=critical-low").named("a"):
        if anchor["href"].startswith("/explain/"):
            assert shared.client.get(anchor["href"]).status_code == 200
    assert shared.client.get("/explain/nothing-of-ours").status_code == 404


@pytest.mark.parametrize("name", ["workbench.css", "workbench.js", "icon.svg"])
def test_static_files_come_from_here_and_are_cached_by_their_tag(shared: Running, name: str) -> None:
    answer = shared.client.get(f"/static/{name}")
    assert answer.status_code == 200
    assert "http://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    again = shared.client.get(f"/static/{name}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert shared.client.get("/static/../settings.py").status_code == 404


@pytest.mark.parametrize("content", [b"\xff\xfe", b"&".join(b"a%d=1" % each for each in range(600))])
def test_what_is_no_form_is_400(shared: Running, content: bytes) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert shared.client.post("/", content=content, headers=kind).status_code == 400
    assert shared.client.post("/", content=b"{}", headers={"content-type": "application/json"}).status_code == 415


def test_the_workbench_can_be_left_out(tmp_path: Any) -> None:
    from tests.service.ehr import running

    with running(tmp_path, workbench=False) as service:
        assert service.client.get("/").status_code == 404
        assert "links" not in service.call("mgdecide-patient-view", {}).text


def test_the_patient_view_is_written_to_the_patient(shared: Running) -> None:
    page = post(shared, {"mode": "json", "pasted": example_text("demo-1")}, "/patient-view").text
    assert "For clinicians" not in page
    assert "call your emergency number" in page


def test_a_result_of_a_doubtful_unit_is_not_told_to_the_patient(shared: Running) -> None:
    page = post(shared, {"mode": "json", "pasted": example_text("unit-question")}, "/patient-view").text
    assert "check your magnesium result with the laboratory" in page
    assert "high" not in page


@pytest.mark.parametrize("address", ["/nothing", "/explain/nothing", "/?example=nothing", "/cds-services/nothing"])
def test_an_error_is_a_page_for_a_browser_and_an_outcome_for_a_program(shared: Running, address: str) -> None:
    browser = shared.client.get(address, headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    program = shared.client.get(address)
    assert browser.status_code == program.status_code
    assert browser.status_code in (404, 405)
    assert browser.headers["content-type"] == "text/html; charset=utf-8"
    assert "To the workbench" in browser.text
    assert program.json()["issue"][0]["details"]["text"] in browser.text


def test_without_a_workbench_errors_are_outcomes_for_all(tmp_path: Any) -> None:
    from tests.service.ehr import running

    with running(tmp_path, workbench=False) as service:
        answer = service.client.get("/", headers={"accept": "text/html"})
        assert answer.status_code == 404
        assert answer.json()["resourceType"] == "OperationOutcome"


def test_a_bundle_is_one_click_away_with_the_account_of_its_reading(shared: Running) -> None:
    page = get(shared, "/?example=fhir-bundle")
    check_page(page)
    for told in ("Observation/mg-2", "MGD-F110", "herbal mixture from abroad", "How the Bundle was read", "0.66"):
        assert told in page.text, told
    as_form = post(shared, fields_of(shared.client.get("/?example=fhir-bundle").text) | {"go": "form"})
    assert ("input", "0.66") in [(name, given.get("value")) for name, given in as_form.elements]
