"""An error told to a person with a browser: what happened, and the way back."""

from __future__ import annotations

from mgdecide.adapters.web.outcomes import ServiceError
from mgdecide.adapters.web.workbench.markup import items, tag, text
from mgdecide.adapters.web.workbench.page import page

_TITLES = {404: "Not found", 413: "Too much was sent", 415: "This cannot be read", 500: "A mistake of ours"}


def error_page(error: ServiceError) -> str:
    """The page; its texts are those of the OperationOutcome, and hold nothing that was entered."""
    title = _TITLES.get(error.status, "This did not work")
    told = error.texts
    main = tag(
        "section",
        tag("h1", text(title)),
        tag("p", text(told[0]), class_="lead") if len(told) == 1 else items(text(line) for line in told),
        tag("p", text("Nothing was assessed.")),
        tag("p", tag("a", text("To the workbench"), href="/")),
        class_="panel single",
    )
    return page(title, main)
