"""Settings: defaults, file, environment, command line, each over the one before; every mistake at once."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from attrs import fields

from mgdecide.adapters.cli import main
from mgdecide.adapters.commands import serve as serve_command
from mgdecide.adapters.web.settings import OPTIONS, Settings, read_settings
from mgdecide.errors import InvalidInput
from tests.service.test_tokens import KEYS


def configured(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mgdecide.toml"
    path.write_text(text)
    return str(path)


def codes(error: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in error.value.problems]


def test_every_setting_is_an_option_with_a_meaning() -> None:
    names = {each.name for each in fields(Settings)} - {"clients"}
    assert set(OPTIONS) == names
    assert all(option.meaning for option in OPTIONS.values())


def test_defaults_are_loopback_and_closed() -> None:
    settings, remarks = read_settings(None, {}, {})
    assert settings == Settings()
    assert settings.is_loopback
    assert settings.fhir_hosts == ()
    assert remarks == ()


def test_each_source_is_over_the_one_before(tmp_path: Path) -> None:
    path = configured(tmp_path, 'port = 1\nshadow = true\npublic_url = "https://a.example.org/"\n')
    environment = {"MGDECIDE_PORT": "2", "MGDECIDE_FHIR_HOSTS": "a.example.org, b.example.org:8443", "HOME": "/"}
    settings, _ = read_settings(path, environment, {"port": "3", "host": None})
    assert settings.port == 3
    assert settings.shadow is True
    assert settings.public_url == settings.base_url == "https://a.example.org"
    assert settings.fhir_hosts == ("a.example.org", "b.example.org:8443")


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    settings, remarks = read_settings(None, {"MGDECIDE_CONFIG": configured(tmp_path, "port = 5\n")})
    assert settings.port == 5
    assert remarks == ()


def test_every_mistake_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    text = 'prot = 1\nport = 70000\nshadow = "perhaps"\nfhir_hosts = [1]\nfhir_seconds = 0\n[[client]]\nkeys = 1\n'
    with pytest.raises(InvalidInput) as error:
        read_settings(configured(tmp_path, text), {"MGDECIDE_PUBLIC_URL": "cds.example.org"}, {"max_body_bytes": "x"})
    assert codes(error) == [
        ("MGD-S102", "client[0].keys"),
        ("MGD-S104", "client[0].issuer"),
        ("MGD-S104", "client[0]"),
        ("MGD-S102", "prot"),
        ("MGD-S103", "port"),
        ("MGD-S103", "shadow"),
        ("MGD-S103", "fhir_hosts"),
        ("MGD-S103", "fhir_seconds"),
        ("MGD-S103", "MGDECIDE_PUBLIC_URL"),
        ("MGD-S103", "--max-body-bytes"),
    ]
    assert 'Did you mean "port"?' in str(error.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("port = ", "MGD-S101"),
        ("[client]\n", "MGD-S104"),
        ('[[client]]\nissuer = "a"\njwks_file = "none.json"\n', "MGD-L104"),
        ('[[client]]\nissuer = "a"\njwks_url = "ftp://x"\n', "MGD-S103"),
        ('[[client]]\nissuer = "a"\njwks_url = "https://x"\nalgorithms = ["HS256"]\n', "MGD-S103"),
        ('[[client]]\nissuer = "a"\njwks_url = "https://x"\nalgorithms = ["none"]\n', "MGD-S103"),
        (
            '[[client]]\nissuer = "a"\njwks_url = "https://x"\n[[client]]\nissuer = "a"\njwks_url = "https://y"\n',
            "MGD-S104",
        ),
        ("clients = 5\n", "MGD-S102"),
    ],
)
def test_a_configuration_that_cannot_be_used(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as error:
        read_settings(configured(tmp_path, text))
    assert error.value.code == code


def test_the_keys_of_a_client_lie_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(json.dumps(KEYS))
    path = configured(tmp_path, '[[client]]\nissuer = "https://ehr.example.org"\njwks_file = "keys.json"\n')
    settings, _ = read_settings(path)
    assert settings.clients[0].jwks_file == str(tmp_path / "keys.json")


def test_what_is_worth_a_remark(tmp_path: Path) -> None:
    _, remarks = read_settings(None, {"MGDECIDE_PROT": "1"}, {"host": "0.0.0.0"})
    assert [remark.code for remark in remarks] == ["MGD-S105", "MGD-S106"]


@pytest.mark.parametrize(("host", "base"), [("127.0.0.1", "http://127.0.0.1:8010"), ("::1", "http://[::1]:8010")])
def test_the_address_of_the_service(host: str, base: str) -> None:
    assert Settings(host=host).base_url == base


def test_where_things_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert Settings().folder == tmp_path / "mgdecide"
    assert Settings(data_dir="/srv/mg").folder == Path("/srv/mg")


# --- the command --------------------------------------------------------------------------------------------


def serve(*arguments: str) -> int:
    return main(["serve", *arguments])


def test_check_says_that_the_configuration_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = configured(tmp_path, f'port = 8123\ndata_dir = "{tmp_path}"\nfhir_hosts = ["fhir.example.org"]\n')
    assert serve("--config", path, "--shadow", "--check") == 0
    told = capsys.readouterr().out
    assert "http://127.0.0.1:8123" in told
    assert "fhir.example.org" in told
    assert "shadow" in told


def test_check_finds_what_only_starting_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "keys.json").write_text("{}")
    path = configured(tmp_path, '[[client]]\nissuer = "a"\njwks_file = "keys.json"\n')
    assert serve("--config", path, "--check") == 2
    assert "MGD-S107" in capsys.readouterr().err
    (tmp_path / "site.toml").write_text("limits = 5\n")
    assert serve("--site", str(tmp_path / "site.toml"), "--check") == 2
    assert "MGD-O" in capsys.readouterr().err


def test_check_takes_a_misspelt_variable_for_a_mistake(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MGDECIDE_SHADDOW", "true")
    assert serve("--check") == 2
    assert 'Did you mean "MGDECIDE_SHADOW"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--port", "x"], ["--port", "-1"], ["--config", "nowhere.toml"], ["--prot", "1"]]
)
def test_a_mistake_is_exit_2_and_nothing_is_served(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(*arguments) == 2
    assert capsys.readouterr().out == ""


def test_a_port_that_is_taken_is_a_clear_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert serve("--port", str(taken.getsockname()[1])) == 2
    assert "MGD-S108" in capsys.readouterr().err


def test_run_needs_no_more_than_the_contract_names(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []

    def note(settings: Settings) -> int:
        served.append(settings)
        return 0

    monkeypatch.setattr(serve_command, "_serve", note)
    assert serve_command.run(Namespace(host="127.0.0.1", port=8010, site=None, shadow=False)) == 0
    assert served == [Settings()]


def test_a_site_overlay_is_used_and_named(tmp_path: Path) -> None:
    from tests.service.ehr import VIEW, Chart, egfr, magnesium, running

    overlay = """
name = "North Hospital"
version = "1"
approver = "Dr A"

[limits]
"oral-magnesium.kidney-stop" = { "mL/min/1.73m2" = "45" }
"""
    (tmp_path / "site.toml").write_text(overlay)
    chart = Chart(labs=(magnesium(0.61), egfr(40)))
    with running(tmp_path, site=str(tmp_path / "site.toml")) as service:
        answer: dict[str, Any] = service.call(VIEW, chart).json()
    assert answer["extension"]["mgdecide"]["site"] == "North Hospital"
    assert answer["extension"]["mgdecide"]["gate"] == "closed"
