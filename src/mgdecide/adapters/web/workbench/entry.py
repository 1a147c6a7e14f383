"""The left side of the page: examples, the form with its fields, or a box to paste JSON into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mgdecide.adapters.examples import example_names
from mgdecide.adapters.web.workbench import bundle_example, fields
from mgdecide.adapters.web.workbench.fields import label
from mgdecide.adapters.web.workbench.inputs import Inputs
from mgdecide.adapters.web.workbench.markup import NOTHING, Html, details, hidden, items, tag, text
from mgdecide.adapters.web.workbench.mistakes import JSON_FIELD, Mistake
from mgdecide.domain.salts import salts

EXAMPLES: Mapping[str, str] = {
    "demo-1": "Low magnesium, gate open",
    "closed-kidney": "Gate closed: kidney",
    "undecided": "Gate undecided",
    "unit-question": "A doubtful unit",
    "suicide-item": "Urgent: suicide item",
    "critical-low": "Urgent: critically low",
    "treatment-resistant": "Treatment-resistant",
    "pregnancy": "Pregnancy",
    "child": "A child",
    "everything-unknown": "Nothing known",
    bundle_example.NAME: "A FHIR Bundle",
}

_YES_NO = (("", "Not said"), ("yes", "Yes"), ("no", "No"))


class Entry(Inputs):
    """Draws the form with what stands in it and what is wrong with it."""

    def form(self) -> Html:
        """The structured form."""
        values = self._values
        rest = values.get("rest", "")
        return tag(
            "form",
            hidden("mode", "form"),
            hidden("rest", rest) if rest else NOTHING,
            hidden("id", values["id"]) if values.get("id") else NOTHING,
            self._rest_note(),
            self._person(),
            self._magnesium(),
            self._kidney(),
            self._depression(),
            self._conditions(),
            self._medicines(),
            self._products(),
            tag("div", *_buttons("Edit as JSON", "json"), class_="buttons stays"),
            method="post",
            action="/#result",
            class_="entry-form",
            id="patient-form",
            autocomplete="off",
            novalidate=True,
        )

    def json(self) -> Html:
        """A box for a record or a Bundle."""
        value = self._values.get(JSON_FIELD, "")
        hint = "A patient record of this library, or a FHIR R4 Bundle of one patient. Nothing you paste is kept."
        box = tag(
            "textarea",
            text(value),
            id=JSON_FIELD,
            name=JSON_FIELD,
            rows="26",
            spellcheck="false",
            class_="code",
            **self._described(JSON_FIELD, hint=True),
        )
        return tag(
            "form",
            hidden("mode", "json"),
            tag(
                "div",
                tag("label", text("Patient as JSON"), for_=JSON_FIELD),
                tag("p", text(hint), class_="hint", id=f"{JSON_FIELD}-hint"),
                self._said(JSON_FIELD),
                box,
                class_=self._class(JSON_FIELD),
            ),
            self._select("problems", "Is the problem list complete?", _LISTS, "What is not listed is then absent."),
            self._select("drugs", "Is the medication list complete?", _LISTS, "What is not listed is then not taken."),
            tag("div", *_buttons("Edit as form", "form"), class_="buttons stays"),
            method="post",
            action="/#result",
            class_="entry-form",
            id="patient-form",
            autocomplete="off",
            novalidate=True,
        )

    # --- groups ---

    def _rest_note(self) -> Html:
        names = fields.names_of_rest(self._values)
        if not names:
            return NOTHING
        words = "Also in this record, and counted; edit them as JSON: " + ", ".join(names) + "."
        return tag("p", text(words), class_="note")

    def _person(self) -> Html:
        return _group(
            "Person",
            tag(
                "div",
                self._input("age_years", "Age", suffix="years", numeric=True),
                self._select("sex", "Sex", _SEXES),
                self._select(
                    "pregnancy",
                    "Pregnancy",
                    (("", "Not known"), ("not pregnant", "Not pregnant"), ("pregnant", "Pregnant")),
                ),
                self._input("assessed_on", "Day of assessment", kind="date"),
                class_="fields",
            ),
        )

    def _magnesium(self) -> Html:
        units = tuple((unit, unit) for unit in fields.MAGNESIUM_UNITS)
        return _group(
            "Serum magnesium",
            tag(
                "div",
                self._input("serum_magnesium_value", "Result", numeric=True),
                self._select("serum_magnesium_unit", "Unit", (("", "Choose"), *units)),
                self._input("serum_magnesium_on", "Day of the sample", kind="date"),
                class_="fields line",
            ),
            details(
                text("The laboratory’s own limits, haemolysis"),
                tag(
                    "div",
                    self._input("serum_magnesium_low", "Lower limit", numeric=True),
                    self._input("serum_magnesium_high", "Upper limit", numeric=True),
                    class_="fields",
                ),
                tag(
                    "div",
                    self._select("serum_magnesium_haemolysed", "The sample was haemolysed", _YES_NO),
                    self._select(
                        "serum_magnesium_unit_confirmed", "The unit was checked in the original report", _YES_NO
                    ),
                    class_="rows",
                ),
                open=self._any(
                    "serum_magnesium_low",
                    "serum_magnesium_high",
                    "serum_magnesium_haemolysed",
                    "serum_magnesium_unit_confirmed",
                ),
            ),
        )

    def _kidney(self) -> Html:
        lines = [
            tag(
                "div",
                self._input(f"{test}_value", label(test), numeric=True),
                self._input(f"{test}_unit", "Unit", choices=_units(test)),
                self._input(f"{test}_on", "Day", kind="date"),
                class_="fields line",
            )
            for test in fields.RESULTS
        ]
        names = [f"{test}_value" for test in fields.RESULTS]
        return _group(
            "Kidney function and other results",
            tag(
                "div",
                self._input("egfr_value", "eGFR", suffix="mL/min/1.73 m²", numeric=True),
                self._input("egfr_on", "Day", kind="date"),
                class_="fields",
            ),
            details(text("Creatinine, potassium, calcium, albumin, QTc"), *lines, open=self._any(*names)),
        )

    def _depression(self) -> Html:
        points = (("", "Not known"), *((str(number), words) for number, words in enumerate(_OFTEN)))
        others = [item for item in fields.ITEMS if item != "9"]
        return _group(
            "PHQ-9",
            tag(
                "div",
                self._input("phq9_total", "Total", suffix="of 27", numeric=True),
                self._select("phq9_item_9", "Item 9 (thoughts of death or self-harm)", points),
                self._input("phq9_on", "Day", kind="date"),
                class_="fields",
            ),
            details(
                text("Items 1 to 8"),
                tag(
                    "div",
                    *(self._select(f"phq9_item_{item}", f"Item {item}", points) for item in others),
                    class_="fields three",
                ),
                open=self._any(*(f"phq9_item_{item}" for item in others)),
            ),
        )

    def _conditions(self) -> Html:
        return _group(
            "Conditions",
            tag("p", text(_UNSAID), class_="hint"),
            tag(
                "div",
                *(self._select(f"condition_{name}", label(name), _YES_NO) for name in fields.CONDITIONS),
                class_="rows",
            ),
            self._area("other_conditions", "Other conditions", "One a line, such as: epilepsy", 2),
            self._check("conditions_complete", "The problem list is complete: what is not marked is absent"),
            details(
                text("Acute signs now"),
                tag(
                    "div",
                    *(self._select(f"sign_{name}", label(name), _YES_NO) for name in fields.SIGNS),
                    class_="rows",
                ),
                open=self._any(*(f"sign_{name}" for name in fields.SIGNS)),
            ),
        )

    def _medicines(self) -> Html:
        return _group(
            "Medicines",
            self._area("medicines", "Medicines", "One a line; clock times if known: alendronate 07:00", 4),
            self._check("medications_complete", "The list is complete: what is not listed is not taken"),
        )

    def _products(self) -> Html:
        bases = (("", "Not stated"), ("salt", "Of the salt"), ("elemental", "Elemental magnesium"))
        lines = [
            tag(
                "div",
                self._input(f"product_{line}_salt", "Salt", choices=(salt.name for salt in salts()), wide=True),
                self._input(f"product_{line}_amount", "One dose", placeholder="400 mg"),
                self._select(f"product_{line}_basis", "Amount is", bases),
                self._input(f"product_{line}_per_day", "Doses a day", numeric=True),
                class_="fields",
            )
            for line in range(1, fields.PRODUCT_LINES + 1)
        ]
        return _group(
            "Magnesium products taken",
            lines[0],
            details(text("A second product"), *lines[1:], open=self._any("product_2_salt", "product_2_amount")),
            self._check("no_products", "None is taken"),
        )


_SEXES = (("", "Not known"), ("female", "Female"), ("male", "Male"), ("other", "Other"))
_UNSAID = "What is not said is not known, and never “no”, unless you call the list complete."
_LISTS = (("", "As the record says"), ("complete", "Complete"), ("partial", "Not complete"))
_OFTEN = ("0: not at all", "1: several days", "2: more than half the days", "3: nearly every day")


def _units(test: str) -> tuple[str, ...]:
    from mgdecide.knowledge.catalogue import catalogue

    return catalogue().facts[test].units


def _group(title: str, *inner: Html) -> Html:
    return tag("fieldset", tag("legend", text(title)), *inner)


def _buttons(other: str, mode: str) -> tuple[Html, Html]:
    return (
        tag("button", text("Assess"), type="submit", class_="primary"),
        tag("button", text(other), type="submit", name="go", value=mode, class_="secondary"),
    )


def examples(chosen: str = "") -> Html:
    """The bundled patients, one click away."""
    links = [
        tag(
            "a",
            text(EXAMPLES.get(name, name)),
            href=f"/?example={name}",
            aria_current="true" if name == chosen else None,
        )
        for name in sorted((*example_names(), bundle_example.NAME), key=_place)
    ]
    return tag("nav", tag("h2", text("Examples")), items(links), aria_label="Examples", class_="examples")


def _place(name: str) -> tuple[int, str]:
    order = list(EXAMPLES)
    return (order.index(name) if name in order else len(order), name)


def summary(mistakes: Sequence[Mistake]) -> Html:
    """Every mistake, with a way to its field."""
    links = [
        tag(
            "a",
            text(f"{mistake.name}: {mistake.message}"),
            href=f"#{mistake.field}",
            data_field=mistake.field,
            data_message=mistake.message,
        )
        for mistake in mistakes
    ]
    many = len(mistakes) != 1
    title = f"There are {len(mistakes)} mistakes" if many else "There is a mistake"
    return tag(
        "div",
        tag("h2", text(title), id="mistakes-title"),
        tag("p", text("Nothing was assessed. Mend what is named here:")),
        items(links),
        class_="mistakes",
        role="alert",
        aria_labelledby="mistakes-title",
        tabindex="-1",
    )
