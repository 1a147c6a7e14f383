"""The frame around everything: head, band, main part, foot."""

from __future__ import annotations

from mgdecide.adapters.web.workbench.markup import Html, join, tag, text, void

INTENDED = "For clinicians. Supports clinical judgement; does not replace it."
KEPT = "Nothing entered here is kept, logged or sent anywhere but to this service."
FOOT = (KEPT, "Not for emergencies, and not for prescribing.")


def page(
    title: str,
    main: Html,
    *,
    skip_to: str = "main",
    skip: str = "Skip to the text",
    intended: str = INTENDED,
    foot: tuple[str, ...] = FOOT,
) -> str:
    """A whole page. ``skip`` are the words of the link that leads past everything to ``skip_to``."""
    head = tag(
        "head",
        void("meta", charset="utf-8"),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        void("meta", name="color-scheme", content="light"),
        tag("title", text(f"{title} - mgdecide workbench")),
        void("link", rel="stylesheet", href="/static/workbench.css"),
        void("link", rel="icon", href="/static/icon.svg", type="image/svg+xml"),
        tag("script", src="/static/workbench.js", defer=True),
    )
    name = tag("span", text("mgdecide"), class_="name")
    band = tag(
        "header",
        tag(
            "div",
            tag("a", name, text("Magnesium and depression"), href="/", class_="brand"),
            tag("p", text(intended)),
            class_="wrap",
        ),
        class_="band",
    )
    body = tag(
        "body",
        tag("a", text(skip), href=f"#{skip_to}", class_="skip"),
        band,
        tag("main", main, id="main", class_="wrap", tabindex="-1"),
        tag("footer", tag("div", *(tag("p", text(line)) for line in foot), class_="wrap"), class_="foot"),
    )
    return f'<!doctype html>\n<html lang="en">{join((head, body))}</html>\n'
