"""Summary of Findings: GRADE's columns, at most seven outcomes, a letter for every level, rows without data kept."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from attrs import evolve

from mgdecide import assess, read_patient
from mgdecide.adapters.evidence.sof import (
    MOST_OUTCOMES,
    SofTable,
    sof_html,
    sof_markdown,
    sof_table,
    sof_tables,
    sof_text,
)
from mgdecide.assessment import Assessment
from mgdecide.evidence.grade_words import NO_STUDY, Certainty, check_wording
from mgdecide.knowledge.bodies import load_bodies

EXAMPLES = Path(__file__).parents[2] / "src" / "mgdecide" / "adapters" / "examples"
BODIES = load_bodies()
TABLES = sof_tables(BODIES)
QUESTION = "oral magnesium for depressive symptoms"
ORAL = [body for body in BODIES if body.question == QUESTION]


def _assessed(name: str) -> Assessment:
    return assess(read_patient((EXAMPLES / f"{name}.json").read_text(encoding="utf-8")))


@pytest.fixture
def main() -> SofTable:
    return sof_table(ORAL)


def test_every_question_has_a_table_and_none_more_than_seven_outcomes() -> None:
    assert len(TABLES) == len({body.question for body in BODIES})
    assert all(1 <= len(table.rows) <= MOST_OUTCOMES for table in TABLES)


def test_every_body_stands_in_a_row_or_is_named_below() -> None:
    text = " ".join(" ".join(sof_text(table).split()) for table in TABLES)
    for body in BODIES:
        assert body.outcome.casefold() in text.casefold(), body.id


def test_rows_without_data_are_kept_and_not_rated(main: SofTable) -> None:
    gaps = [row for row in main.rows if row.certainty is None]
    assert [row.outcome for row in gaps] == ["Quality of life", "Suicidal thoughts or acts", "Serious adverse events"]
    assert all(row.comment == NO_STUDY for row in gaps)
    assert main.rows[0].outcome.startswith("Depressive symptoms")


def test_every_level_down_has_a_lettered_reason(main: SofTable) -> None:
    notes = dict(main.footnotes)
    for body in ORAL:
        row = next((row for row in main.rows if row.outcome.startswith(body.outcome) and body.order in (1, 4, 7)), None)
        if row is None:
            continue
        told = [notes[letter] for letter in row.letters.split(", ")]
        rated = [domain for domain in body.domains if domain.levels]
        assert len(told) == len(rated)
        assert all(domain.reason in text for domain, text in zip(rated, told, strict=True))
    assert notes["a"].startswith("Risk of bias, 2 levels down: ")
    assert list(notes) == [chr(ord("a") + at) for at in range(len(notes))]


def test_effects_are_printed_with_interval_and_without_a_minus_sign(main: SofTable) -> None:
    assert main.rows[0].intervention_risk == "SMD 0.92 lower (1.44 lower to 0.40 lower)"
    assert main.rows[0].people == "325 (7 studies)"
    harm = next(row for row in main.rows if "adverse" in row.outcome and row.certainty is not None)
    assert harm.relative == "RR 1.51 (0.98 to 2.33)"
    assert harm.people == "people not read (studies not read)"


def test_no_comment_is_stronger_than_its_certainty() -> None:
    for name in (None, "demo-1", "child", "closed-kidney"):
        for table in sof_tables(BODIES, _assessed(name) if name else None):
            for row in table.rows:
                if row.certainty is not None:
                    assert check_wording(row.comment, row.certainty) == (), row.comment


def test_a_patient_outside_sees_the_lower_certainty_and_why() -> None:
    table = sof_table(ORAL, _assessed("child"))
    lowered = [row for row in table.rows if row.general is not None]
    assert lowered
    assert all(row.certainty is not None and row.general is not None and row.certainty < row.general for row in lowered)
    assert any("this patient lies outside the people studied" in text for _, text in table.footnotes)


def test_studies_are_marked_for_this_patient_or_withheld() -> None:
    shown = " ".join(sof_table(ORAL, _assessed("demo-1")).notes)
    assert "may fit: afsharfar-2021, nazarinasab-2022, rajizadeh-2017, sultana-2023" in shown
    assert "outside: abiri-2022, barragan-2008" in shown
    closed = " ".join(sof_table(ORAL, _assessed("closed-kidney")).notes)
    assert "withheld while the gate is not open" in closed
    assert "may fit" not in closed


def test_text_is_at_most_76_columns_and_has_plain_symbols() -> None:
    for table in TABLES:
        text = sof_text(table)
        assert max(map(len, text.split("\n"))) <= 76
        assert "⊕" not in text
    assert "VERY LOW (+)(-)(-)(-) a, b, c, d" in sof_text(TABLES[0])


def test_markdown_has_seven_columns_in_every_row(main: SofTable) -> None:
    hostile = evolve(main, rows=(evolve(main.rows[0], outcome="a | b <i> *c*\nd"), *main.rows[1:]))
    rows = [line for line in sof_markdown(hostile).split("\n") if line.startswith("|")]
    assert len(rows) == len(main.rows) + 2
    for row in rows:
        assert row.replace("\\|", "").count("|") == 8
    assert "VERY LOW ⊕⊝⊝⊝ a, b, c, d" in rows[2]
    assert "\\<i\\>" in rows[2]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_is_balanced_escaped_and_has_headers(main: SofTable) -> None:
    hostile = evolve(main, title="<script>", rows=(evolve(main.rows[0], comment="a & <b>"), *main.rows[1:]))
    html, tags = sof_html(hostile), _Tags()
    tags.feed(html)
    assert tags.open == []
    assert "script" not in tags.seen
    assert "b" not in [tag for tag in tags.seen if tag == "script"]
    assert "a &amp; &lt;b&gt;" in html
    assert html.count('<th scope="col">') == 7
    assert html.count('<th scope="row">') == len(main.rows)
    assert "<caption>" in html


def test_a_table_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        sof_table([])


def test_certainty_of_the_rows_is_that_of_the_bodies(main: SofTable) -> None:
    body = next(each for each in ORAL if each.order == 1)
    assert main.rows[0].certainty is Certainty(body.certainty)
    assert main.rows[0].comment == (
        "The evidence is very uncertain about the effect of oral magnesium on depressive symptoms."
    )
