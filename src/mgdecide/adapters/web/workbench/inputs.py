"""Fields with their labels, hints and mistakes, each tied to its field for those who do not see the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mgdecide.adapters.web.workbench.fields import Values
from mgdecide.adapters.web.workbench.markup import NOTHING, Html, join, tag, text, void
from mgdecide.adapters.web.workbench.mistakes import JSON_FIELD, Mistake


class Inputs:
    """Draws fields with what stands in them and what is wrong with it."""

    def __init__(self, values: Values, mistakes: Sequence[Mistake] = ()) -> None:
        self._values = values
        self._wrong: dict[str, list[Mistake]] = {}
        for mistake in mistakes:
            self._wrong.setdefault(mistake.field, []).append(mistake)

    def _any(self, *names: str) -> bool:
        return any(self._values.get(name) or name in self._wrong for name in names)

    def _described(self, name: str, *, hint: bool) -> dict[str, str | bool | None]:
        wrong = name in self._wrong
        by = " ".join(filter(None, (f"{name}-hint" if hint else "", f"{name}-error" if wrong else "")))
        return {"aria_describedby": by or None, "aria_invalid": "true" if wrong else None}

    def _class(self, name: str, more: str = "") -> str:
        return " ".join(filter(None, ("field", more, "wrong" if name in self._wrong else "")))

    def _said(self, name: str) -> Html:
        wrong = self._wrong.get(name)
        if not wrong:
            return NOTHING
        told = [
            join((tag("span", text("Mistake: "), class_="unseen"), text(_named(mistake, name)), _code(mistake)))
            for mistake in wrong
        ]
        return tag("div", *(tag("p", each) for each in told), class_="mistake", id=f"{name}-error")

    def _input(
        self,
        name: str,
        words: str,
        *,
        kind: str = "text",
        suffix: str = "",
        hint: str = "",
        numeric: bool = False,
        choices: Iterable[str] = (),
        placeholder: str = "",
        wide: bool = False,
    ) -> Html:
        listed = list(choices)
        unit = tag("span", text(f" ({suffix})"), class_="unit") if suffix else NOTHING
        box = void(
            "input",
            type=kind,
            id=name,
            name=name,
            value=self._values.get(name) or None,
            inputmode="decimal" if numeric else None,
            list=f"{name}-list" if listed else None,
            placeholder=placeholder or None,
            **self._described(name, hint=bool(hint)),
        )
        return tag(
            "div",
            tag("label", text(words), unit, for_=name),
            tag("p", text(hint), class_="hint", id=f"{name}-hint") if hint else NOTHING,
            self._said(name),
            box,
            tag("datalist", *(void("option", value=each) for each in listed), id=f"{name}-list") if listed else NOTHING,
            class_=self._class(name, "wide" if wide else ""),
        )

    def _select(self, name: str, words: str, choices: Iterable[tuple[str, str]], hint: str = "") -> Html:
        chosen = self._values.get(name, "")
        options = [tag("option", text(told), value=value, selected=value == chosen) for value, told in choices]
        return tag(
            "div",
            tag("label", text(words), for_=name),
            tag("p", text(hint), class_="hint", id=f"{name}-hint") if hint else NOTHING,
            self._said(name),
            tag("select", *options, id=name, name=name, **self._described(name, hint=bool(hint))),
            class_=self._class(name),
        )

    def _area(self, name: str, words: str, hint: str, rows: int) -> Html:
        return tag(
            "div",
            tag("label", text(words), for_=name),
            tag("p", text(hint), class_="hint", id=f"{name}-hint"),
            self._said(name),
            tag(
                "textarea",
                text(self._values.get(name, "")),
                id=name,
                name=name,
                rows=str(rows),
                spellcheck="false",
                **self._described(name, hint=True),
            ),
            class_=self._class(name, "whole"),
        )

    def _check(self, name: str, words: str) -> Html:
        box = void("input", type="checkbox", id=name, name=name, value="yes", checked=bool(self._values.get(name)))
        return tag("div", box, tag("label", text(words), for_=name), class_="check")


def _named(mistake: Mistake, field: str) -> str:
    return f"{mistake.name}: {mistake.message}" if field == JSON_FIELD else mistake.message


def _code(mistake: Mistake) -> Html:
    return join((text(" "), tag("a", text(mistake.code), href=f"/explain/{mistake.code}", class_="small")))
