"""``mgdecide evidence``: the checks over every study, the list, and what a new study would change."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mgdecide.adapters.cli import main
from mgdecide.adapters.evidence.study_addition import addition
from mgdecide.adapters.examples import example_names, example_text
from mgdecide.domain import safeprint
from mgdecide.evidence.forensic import flagged
from mgdecide.evidence.grade_words import Certainty, check_wording
from mgdecide.evidence.pooling import pool_rows
from mgdecide.evidence.rows import digest_rows
from mgdecide.evidence.stored import agrees
from mgdecide.evidence.study_checks import checks_of
from mgdecide.evidence.study_rows import rows_again, rows_of
from mgdecide.knowledge.bodies import load_bodies, read_body
from mgdecide.knowledge.reading import KNOWLEDGE
from mgdecide.knowledge.studies import load_studies, load_study, study_ids
from mgdecide.knowledge.study_reading import read_study

GUIDE = (Path(__file__).parents[2] / "docs" / "adding-a-study.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[0]
STUDIES = load_studies()
DEPRESSION = "oral-magnesium-depressive-symptoms"

Ask = Callable[..., dict[str, Any]]
Print = Callable[..., str]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def call(*arguments: str) -> dict[str, Any]:
        assert main(["evidence", *arguments, "--format", "json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return call


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Print:
    def call(*arguments: str) -> str:
        assert main(["evidence", *arguments]) == 0
        return capsys.readouterr().out

    return call


@pytest.fixture
def example(tmp_path: Path) -> Callable[..., str]:
    def write(*changes: tuple[str, str]) -> str:
        text = EXAMPLE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "example-2030.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


# --- check --------------------------------------------------------------------------------------------------


def test_every_check_of_every_study_runs(ask: Ask) -> None:
    found = ask("check")
    assert [each["study"] for each in found["studies"]] == list(study_ids())
    checks = [check for each in found["studies"] for check in each["checks"]]
    assert sum(found["counts"].values()) == len(checks) > 50
    declared = sum(len(study.checks) for study in STUDIES)
    assert declared < len(checks)
    keys = [(check["study"], check["id"], check["what"], json.dumps(check["numbers"])) for check in checks]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("study", "sentence"),
    [
        ("rajizadeh-2017", "the printed mean 11.26 cannot come from whole scores of 26 people"),
        ("rajizadeh-2017", "no correlation gives the change a standard deviation of 0.03"),
        ("rodriguez-moran-2024", "allow a standard deviation of at most 1.9"),
        ("rodriguez-moran-2024", "22 of 30 is 73.33%"),
        ("tarleton-2019", "the printed interval -3.33 to -0.09 cannot lie evenly about its estimate -0.25"),
        ("barragan-2008", "450 mg elemental is stated, which fits none of these forms"),
        ("barragan-2008", "the printed p is 0.27. One does not follow from the other."),
        ("kozielec-1997", "94 boys + 20 girls make 114, not the printed 116"),
        ("mehdi-2017", "the register gives 21 people enrolled and the report 12"),
    ],
)
def test_known_cases(shown: Print, study: str, sentence: str) -> None:
    text = shown("check", study)
    told = " ".join(text.split())
    assert sentence in told
    assert "[cannot be]" in told
    assert "[flag]" in told
    assert max(map(len, text.splitlines())) <= 76


def test_sound_figures_are_not_flagged(ask: Ask) -> None:
    for each in ask("check", "tarleton-2017", "abiri-2022")["studies"]:
        assert each["checks"]
        assert not [check for check in each["checks"] if check["verdict"] == "cannot be"]


def test_a_study_with_figures_that_cannot_be_carries_a_flag() -> None:
    failing = {study.id for study in STUDIES if flagged(checks_of(study))}
    assert {id for id in failing if not load_study(id).flags} == set()


def test_a_flag_is_no_deletion() -> None:
    named = {member.study for body in load_bodies() for member in body.members}
    assert {"rajizadeh-2017", "rodriguez-moran-2024", "barragan-2008"} <= named


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.id)
def test_sentences_are_neutral_and_claim_nothing(study: Any) -> None:
    for check in checks_of(study):
        assert check_wording(check.sentence, Certainty.VERY_LOW) == (), check.sentence
        assert safeprint.check(check.sentence) == (), check.sentence
        assert not re.search(r"fraud|fabricat|misconduct|suspicio|false data|invent", check.sentence, re.IGNORECASE)


def test_all_prints_the_rest_too(shown: Print) -> None:
    assert "[consistent]" not in shown("check", "tarleton-2019")
    assert "[consistent]" in shown("check", "tarleton-2019", "--all")


# --- list ---------------------------------------------------------------------------------------------------


def test_list_names_everything(ask: Ask, shown: Print) -> None:
    found = ask("list")
    assert [each["body"] for each in found["bodies"]] == [body.id for body in load_bodies()]
    assert [each["study"] for each in found["studies"]] == list(study_ids())
    text = shown("list")
    assert max(map(len, text.splitlines())) <= 76
    assert all(id in text for id in study_ids())


# --- add ----------------------------------------------------------------------------------------------------


def test_the_guide_shows_what_the_command_prints(shown: Print, example: Callable[..., str]) -> None:
    text = shown("add", example())
    assert max(map(len, text.split("TO WRITE")[0].splitlines())) <= 76  # what follows is TOML
    printed = re.findall(r"```text\n(.*?)```", GUIDE, re.DOTALL)
    assert printed[0].removeprefix("$ mgdecide evidence add example-2030.toml\n").strip() in text
    assert printed[-1].removesuffix("...\n").strip() in text
    wrong = " ".join(shown("add", example(('"14.20"', '"14.21"'))).split())
    flag = re.findall(r"  ```text\n(.*?)  ```", GUIDE, re.DOTALL)[0]
    assert " ".join(flag.split()) in wrong


def test_commands_of_the_guide_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    commands = [shlex.split(line[2:]) for line in GUIDE.splitlines() if line.startswith("$ mgdecide ")]
    assert len(commands) >= 4
    for _, name, *_ in commands:
        assert main([name, "--help"]) == 0
    assert "usage: mgdecide evidence" in capsys.readouterr().out


def test_a_new_study_joins_the_default_pool(ask: Ask, example: Callable[..., str]) -> None:
    found = ask("add", example())
    assert (found["held"], found["flagged"]) == (False, False)
    body = found["bodies"][0]
    # Hedges' g of 14.20 (8.40) in 40 and 15.52 (8.10) in 42: J(80) = 0.99059, pooled SD 8.2477.
    assert body["row"]["yi"] == pytest.approx(-0.1585, abs=5e-5)
    assert {name: (each["before"]["studies"], each["after"]["studies"]) for name, each in body["pools"].items()} == {
        "default": (4, 5), "with-flagged": (6, 7),
    }  # fmt: skip
    assert body["certainty"] == "very low"
    fits = found["answers"]["fits"]
    assert sum(map(len, fits.values())) == len(example_names())
    assert found["answers"]["otherwise"] == []
    assert "fits" not in fits  # exclusion criteria that were not read are unknown


def test_a_study_with_figures_that_cannot_be_joins_only_the_pool_with_flags(
    ask: Ask, example: Callable[..., str]
) -> None:
    found = ask("add", example(('"14.20"', '"14.21"')))
    assert found["flagged"] is True
    sizes = {name: each["after"]["studies"] for name, each in found["bodies"][0]["pools"].items()}
    assert sizes == {"default": 4, "with-flagged": 7}


def test_what_is_to_be_written_makes_a_body_that_agrees(ask: Ask, example: Callable[..., str]) -> None:
    """The lines go into the body's file in place of the stored pools; then rows, digests and pools agree."""
    lines = ask("add", example())["bodies"][0]["to_write"].replace("example-2030", "tarleton-2019")  # one that is held
    text = (KNOWLEDGE / "bodies" / f"{DEPRESSION}.toml").read_text(encoding="utf-8")
    body = read_body(text[: text.index("[stored.default]")] + lines, f"bodies/{DEPRESSION}.toml")
    assert [row.study for row in body.pool_rows("default")][-1] == "tarleton-2019"
    assert [each.name for each in body.stored] == ["default", "with-flagged"]
    for stored in body.stored:
        assert agrees(pool_rows(rows_of(body.pool_rows(stored.name))), stored.methods)


def test_the_row_and_digest_to_write_follow_from_the_file(example: Callable[..., str]) -> None:
    study = read_study(EXAMPLE, "studies/example-2030.toml")
    held = {each.id: each for each in STUDIES}
    after = addition(study, load_bodies(), held, []).bodies[0].after
    rows = after.pool_rows("default")
    again = rows_again(rows, held | {study.id: study})
    assert digest_rows(again) == digest_rows(rows_of(rows))


def test_a_study_that_is_held_is_compared_with_its_absence(ask: Ask) -> None:
    found = ask("add", "rajizadeh-2017")
    assert found["held"] is True
    body = next(each for each in found["bodies"] if each["body"] == DEPRESSION)
    assert body["to_write"] is None
    assert {name: (each["before"]["studies"], each["after"]["studies"]) for name, each in body["pools"].items()} == {
        "default": (4, 4), "with-flagged": (5, 6),
    }  # fmt: skip


def test_a_study_outside_the_pools_says_why(shown: Print) -> None:
    assert "no row: Against imipramine, not against placebo." in shown("add", "barragan-2008")


def test_answers_of_a_site_s_own_records(ask: Ask, tmp_path: Path, example: Callable[..., str]) -> None:
    records = tmp_path / "records.jsonl"
    one = json.dumps(json.loads(example_text("demo-1")))
    records.write_text(f"{one}\n\n{one}\n", encoding="utf-8")
    assert sum(map(len, ask("add", example(), "--patients", str(records))["answers"]["fits"].values())) == 2


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), "MGD-L101", "needed"),
        (("chek",), "MGD-L102", 'Did you mean "check"?'),
        (("check", "tarleton-2071", "tarleton-2017"), "MGD-P152", 'Did you mean "tarleton-'),
        (("list", "tarleton-2017"), "MGD-L101", "no name after evidence list"),
        (("list", "--all"), "MGD-L101", "evidence check"),
        (("add",), "MGD-L101", "one study file"),
        (("add", "no-such-file.toml"), "MGD-L104", "no such file"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: str, words: str) -> None:
    assert main(["evidence", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"[{code}]")
    assert words in captured.err


def test_every_mistake_of_a_study_file_at_once(capsys: pytest.CaptureFixture[str], example: Callable[..., str]) -> None:
    path = example(('kind = "depressive symptoms"', 'kind = "mood"'), ('basis = "salt"', 'basis = "oxide"'))
    assert main(["evidence", "add", path]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 2


def test_a_record_that_cannot_be_read_is_named_by_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, example: Callable[..., str]
) -> None:
    records = tmp_path / "records.jsonl"
    records.write_text('{"age_years": 54}\n{"age_years": 540}\n', encoding="utf-8")
    assert main(["evidence", "add", example(), "--patients", str(records)]) == 2
    assert "line 2: age_years" in capsys.readouterr().err
