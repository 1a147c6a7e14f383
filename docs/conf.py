"""The documentation site: built by ``make docs``, without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mgdecide import __version__
from mgdecide.knowledge.edition import default_knowledge
from mgdecide.knowledge.source_register import source_register
from mgdecide.logic.words import phrase
from mgdecide.rules.rulebook import rulebook
from mgdecide.rules.vocabulary import Words

project = "mgdecide"
author = "The mgdecide developers"
release = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"mgdecide {__version__}"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing"]


def write_catalogue(app: Any) -> None:
    """The catalogue of rules and of sources, read off the rulebook and the register."""
    knowledge = default_knowledge()
    book, words = rulebook(knowledge), Words(knowledge)
    folder = Path(app.srcdir) / "generated"
    folder.mkdir(exist_ok=True)
    lines = ["# Rules", "", f"Knowledge {knowledge.edition}, {len(book.urgent) + len(book.rules)} rules.", ""]
    for rule in (*book.urgent, *book.rules):
        entry = rule.entry
        lines += [
            f"## {rule.id}",
            "",
            f"*{entry.kind}, {entry.severity.value}, {entry.action}*{'' if rule.verified else ', **recalled**'}",
            "",
            entry.text,
            "",
            f"**When** {phrase(rule.when, words)}.",
            "",
            "**Sources** " + ", ".join(f"`{source}`" for source in rule.sources),
            "",
        ]
    (folder / "rules.md").write_text("\n".join(lines), encoding="utf-8")
    rows = ["# Sources", ""]
    for source in source_register().values():
        read = "; ".join(source.address) or "no address"
        rows += [f"- `{source.key}`: {source.citation} {'' if source.verified else '**Recalled.** '}({read})"]
    (folder / "sources.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


def setup(app: Any) -> None:
    app.connect("builder-inited", write_catalogue)
