"""``mgdecide pool``: figures of metafor and of the dossier, what is stored, parts of a body, and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from mgdecide.adapters.cli import main
from mgdecide.adapters.evidence.body_pools import find_body, pool_body
from mgdecide.evidence.effects import Arm, mean_difference
from mgdecide.evidence.rows import Row, digest_rows
from mgdecide.knowledge.bodies import load_bodies
from mgdecide.knowledge.body_types import Body
from mgdecide.knowledge.studies import load_study

ORACLE = json.loads((Path(__file__).parents[1] / "evidence" / "oracle" / "metafor.json").read_text(encoding="utf-8"))
POOLS: dict[str, dict[str, Any]] = {case["name"]: case for case in ORACLE["pools"]}
BODIES = load_bodies()
WITH_ROWS = [body for body in BODIES if body.rows]
WITHOUT_ROWS = [body.id for body in BODIES if not body.rows]
DEPRESSION = "oral-magnesium-depressive-symptoms"
LOW = "oral-magnesium-low-serum-magnesium"

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def call(*arguments: str) -> dict[str, Any]:
        assert main(["pool", *arguments, "--format", "json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return call


def csv(path: Path, rows: list[dict[str, Any]]) -> str:
    lines = [f'"{row["study"]}",{row["yi"]!r},{row["vi"]!r}' for row in rows]
    path.write_text("\n".join(["study,yi,vi", *lines]) + "\n", encoding="utf-8")
    return str(path)


# --- any rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["REML", "PM", "DL"])
def test_intravenous_magnesium_in_infarction_as_metafor(ask: Ask, tmp_path: Path, method: str) -> None:
    """dat.li2007 of metadat, by R's metafor."""
    case = POOLS["li-2007"]
    found = ask("--rows", csv(tmp_path / "li2007.csv", case["rows"]))
    assert len(found["rows"]) == 22
    ours = found["methods"][method]
    for name, value in case["tight"][method].items():
        if name in ours:
            assert ours[name] == pytest.approx(value, abs=1e-6), name
    assert {"estimate", "tau2", "i2", "ci", "ci_knapp_hartung", "prediction"} <= case["tight"][method].keys()


def test_rows_have_the_shape_of_the_contract_and_nothing_stored(ask: Ask, tmp_path: Path) -> None:
    found = ask("--rows", csv(tmp_path / "rows.csv", POOLS["three"]["rows"]))
    assert {"body", "measure", "rows", "methods", "leave_one_out", "stored", "agrees"} <= found.keys()
    assert (found["body"], found["stored"], found["agrees"]) == (None, None, None)
    expected = {"estimate", "se", "tau2", "i2", "ci", "ci_knapp_hartung", "prediction"}
    assert {name: set(held) for name, held in found["methods"].items()} == dict.fromkeys(("REML", "PM", "DL"), expected)
    assert [set(row) for row in found["rows"]] == [{"study", "yi", "vi"}] * 3
    assert [each["left_out"] for each in found["leave_one_out"]] == [row["study"] for row in found["rows"]]


@pytest.mark.parametrize("name", ["magnesium-smd", "magnesium-smd-flagged-in", "magnesium-md", "two", "one"])
def test_trials_of_magnesium_as_metafor(ask: Ask, tmp_path: Path, name: str) -> None:
    case = POOLS[name]
    found = ask("--rows", csv(tmp_path / "rows.csv", case["rows"]))["methods"]
    for method, expected in case["tight"].items():
        for figure in expected.keys() & found[method].keys():
            assert found[method][figure] == pytest.approx(expected[figure], abs=1e-6), (method, figure)


def test_rows_from_standard_input(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    from types import SimpleNamespace

    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"study,yi,vi\na,-0.6,0.08\nb,0.1,0.03\n")))
    assert [row["study"] for row in ask("--rows", "-")["rows"]] == ["a", "b"]


def test_rows_in_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["pool", "--rows", csv(tmp_path / "rows.csv", POOLS["li-2007"]["rows"])]) == 0
    text = capsys.readouterr().out
    assert text.startswith("POOL  22 studies\n")
    assert "\n  14 ISIS-4 " in text
    assert max(map(len, text.splitlines())) <= 76


# --- bodies -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", WITH_ROWS, ids=lambda body: body.id)
def test_every_stored_pool_agrees_and_its_digest_is_that_of_its_rows(ask: Ask, body: Body) -> None:
    found = ask(body.id)
    shown = [found, *found["other_pools"].values()]
    assert [each["pool"] for each in shown] == [each.name for each in body.stored]
    for each in shown:
        assert each["agrees"] is True
        assert each["digest"]["stored"] == digest_rows(Row(**row) for row in each["rows"])
        for method, held in each["stored"].items():
            assert each["methods"][method]["estimate"] == pytest.approx(held["estimate"], abs=1e-6)


def test_a_stored_pool_that_is_out_of_date_is_told() -> None:
    body = find_body(BODIES, DEPRESSION)
    studies = {row.study: load_study(row.study) for row in body.rows}
    moved = evolve(body, rows=tuple(evolve(row, yi=row.yi + 0.001) for row in body.rows))
    assert [each.agrees for each in pool_body(moved, studies).pools] == [False, False]
    first, *rest = body.stored
    renamed = evolve(body, stored=(evolve(first, digest="sha256:0"), *rest))
    assert [each.agrees for each in pool_body(renamed, studies).pools] == [False, True]
    assert [each.agrees for each in pool_body(evolve(body, stored=()), studies).pools] == [None, None]


@pytest.mark.parametrize(
    ("body", "study", "effect"),
    [
        (DEPRESSION, "rajizadeh-2017", -0.614624585765702),
        (DEPRESSION, "rodriguez-moran-2024", None),
        (DEPRESSION, "mahboobi-2022", -0.271128904953746),
        (DEPRESSION, "afsharfar-2021", -0.780286645576376),
        ("oral-magnesium-add-on-to-ssri", "nazarinasab-2022", -0.883370422175372),
    ],
)
def test_effects_by_metafor(ask: Ask, body: str, study: str, effect: float | None) -> None:
    """metafor's escalc for the arms as printed; rodriguez-moran is looked up in its output by name."""
    if effect is None:
        names = [arm["study"] for arm in ORACLE["effects"]["arms"]]
        effect = ORACLE["effects"]["SMD"]["yi"][names.index(study)]
    found = ask(body)
    rows = {row["study"]: row for each in (found, *found["other_pools"].values()) for row in each["rows"]}
    assert rows[study]["yi"] == pytest.approx(effect, abs=1e-6)


def test_the_figures_of_the_dossier(ask: Ask) -> None:
    """rajizadeh g -0.61, rodriguez-moran g -1.47 (12.4 points), both only with the flagged studies in."""
    found = ask(DEPRESSION)
    flagged = {row["study"]: row["yi"] for row in found["other_pools"]["with-flagged"]["rows"]}
    assert flagged["rajizadeh-2017"] == pytest.approx(-0.61, abs=0.006)
    assert flagged["rodriguez-moran-2024"] == pytest.approx(-1.47, abs=0.006)
    assert {"rajizadeh-2017", "rodriguez-moran-2024"}.isdisjoint(row["study"] for row in found["rows"])


@pytest.mark.parametrize(
    ("study", "outcome", "figures", "people", "expected"),
    [
        ("rajizadeh-2017", "bdi2-week-8", ("change", "change_sd"), (26, 27), (-5.25, -9.9, -0.6)),
        ("rodriguez-moran-2024", "bdi-month-4", ("endpoint", "endpoint_sd"), (30, 29), (-12.4, -16.7, -8.1)),
        ("barragan-2008", "gds-week-12", ("endpoint", "endpoint_sd"), (12, 11), (0.5, -3.0, 4.0)),
    ],
)
def test_differences_in_points_of_the_dossier_from_the_study_files(
    study: str, outcome: str, figures: tuple[str, str], people: tuple[int, int], expected: tuple[float, float, float]
) -> None:
    """The t test that the dossier used; barragan's numbers of people are recalled."""
    rows = next(each.rows for each in load_study(study).outcomes if each.id == outcome)
    mean, sd = figures
    treated, control = (
        Arm(float(getattr(row, mean)), float(getattr(row, sd)), n) for row, n in zip(rows, people, strict=True)
    )
    effect = mean_difference(treated, control, equal_variances=True)
    assert (effect.yi, *effect.interval()) == pytest.approx(expected, abs=0.051)


def test_parts_of_a_body_come_with_their_warning(ask: Ask) -> None:
    parts = {each["by"]: each for each in ask(DEPRESSION)["subgroups"]}
    assert list(parts) == ["blinding", "magnesium at the start", "flags"]
    sizes = {by: {label: len(pool["rows"]) for label, pool in each["groups"].items()} for by, each in parts.items()}
    assert sizes == {
        "blinding": {"blinded": 5, "not or single blinded": 1},
        "magnesium at the start": {"low": 2, "not low, or not read": 4},
        "flags": {"flagged": 2, "not flagged": 4},
    }
    assert all("may be chance" in each["warning"] for each in parts.values())


def test_a_body_whose_studies_are_all_flagged_says_so_first(ask: Ask) -> None:
    found = ask(LOW)
    assert (found["pool"], found["other_pools"]) == ("with-flagged", {})
    assert found["warnings"][0] == "Every row is of a study that carries a flag: there is no pool without them."


@pytest.mark.parametrize("body", WITH_ROWS, ids=lambda body: body.id)
def test_text_names_certainty_null_trials_and_fits_the_page(capsys: pytest.CaptureFixture[str], body: Body) -> None:
    assert main(["pool", body.id]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 76
    assert text.index(f"Certainty {body.certainty}.") < text.index("estimate")
    assert "Stored: agrees with these rows." in text
    for member in body.members:
        assert f"  {member.study} (" in text


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), "MGD-L101", "--rows FILE.csv"),
        ((DEPRESSION, "--rows", "x.csv"), "MGD-L101", "--rows"),
        (("oral-magnesium-depresive",), "MGD-P150", f'Did you mean "{DEPRESSION}"?'),
        (("\x1b[31m",), "MGD-P150", "one of"),
        (("--rows", "no-such-file.csv"), "MGD-L104", "no such file"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: str, words: str) -> None:
    assert main(["pool", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"[{code}]")
    assert words in captured.err
    assert "\x1b" not in captured.err


@pytest.mark.parametrize("body", WITHOUT_ROWS)
def test_a_body_without_rows_says_that_no_figures_could_be_read(capsys: pytest.CaptureFixture[str], body: str) -> None:
    assert main(["pool", body, "--format", "json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    problem = json.loads(captured.err)[0]
    assert (problem["code"], problem["path"]) == ("MGD-P151", body)
    assert "could be read" in problem["given"]


def test_every_mistake_of_a_file_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("study,yi,vi\na,x,0.1\nb,0.2,0\nb,0.2,0.1\n", encoding="utf-8")
    assert main(["pool", "--rows", str(path), "--format", "json"]) == 2
    problems = json.loads(capsys.readouterr().err)
    assert {problem["code"] for problem in problems} == {"MGD-P102", "MGD-P103", "MGD-P104"}
