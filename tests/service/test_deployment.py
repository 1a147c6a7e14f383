"""What is copied to set the service up: the container file, the configuration and the embedding example."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from mgdecide.adapters.cli import main
from mgdecide.adapters.web.settings import OPTIONS, Settings, read_settings

ROOT = Path(__file__).parent.parent.parent
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")


def test_the_example_configuration_can_be_used() -> None:
    settings, remarks = read_settings(str(ROOT / "examples" / "service.toml"), {})
    assert remarks == ()
    assert settings.shadow
    assert settings.clients[0].algorithms == ("ES384", "RS384")
    assert main(["serve", "--config", str(ROOT / "examples" / "service.toml"), "--check"]) == 0


def test_the_container_sets_only_what_is_read_and_copies_only_what_is_there() -> None:
    variables = dict(re.findall(r"(MGDECIDE_\w+)=(\S+)", CONTAINERFILE.split("ENV ")[1]))
    assert set(variables) <= {option.variable for option in OPTIONS.values()}
    settings, remarks = read_settings(None, variables)
    assert settings.host == "0.0.0.0"
    assert [remark.code for remark in remarks] == ["MGD-S106"], "open to all without clients' keys: it is said"
    assert f"EXPOSE {settings.port}\n" in CONTAINERFILE
    assert f":{settings.port}/readyz" in CONTAINERFILE
    assert f"VOLUME {settings.folder}\n" in CONTAINERFILE
    for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE):
        assert all((ROOT / name).exists() for name in line.split()[:-1]), line


def test_the_container_does_not_run_as_root() -> None:
    last = CONTAINERFILE.split("FROM ")[-1]
    assert re.search(r"^USER \d{5}$", last, re.MULTILINE)
    assert last.rstrip().endswith('ENTRYPOINT ["mgdecide", "serve"]')


def test_the_embedding_example_runs() -> None:
    program = [sys.executable, str(ROOT / "examples" / "embed_in_a_program.py"), "--try"]
    told = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "- Gate for oral magnesium: closed." in told
    assert "- No regimen is shown." in told
    assert "card, critical: Do not start oral magnesium: severely reduced kidney function (eGFR 22" in told
    assert "workbench: 200" in told


def test_the_guide_names_every_option_with_its_default_and_meaning() -> None:
    guide = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8")
    defaults = Settings()
    for key, option in OPTIONS.items():
        given = getattr(defaults, key)
        shown = "" if given in ("", ()) else f"`{str(given).lower() if isinstance(given, bool) else given}`"
        assert f"| `{key}` | {shown} | {option.meaning} |" in guide
