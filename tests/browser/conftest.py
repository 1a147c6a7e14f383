"""A real service in its own process and a real browser.

Where either is missing the tests of this folder are skipped; they fail where they were asked for, as by `make browser`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

INSTALL = "sh tests/browser/setup.sh installs it"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(what: str) -> NoReturn:
    """Skip; or fail where the browser was asked for."""
    if os.environ.get("BROWSER_TESTS", "") not in ("", "0"):
        pytest.fail(f"{what} is missing; {INSTALL}", pytrace=False)
    pytest.skip(f"{what} is missing; {INSTALL}")


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service started as a user would start it."""
    environment = {**os.environ, "MGDECIDE_DATA_DIR": str(tmp_path_factory.mktemp("data"))}
    command = [sys.executable, "-m", "mgdecide.adapters.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert found is not None
        try:
            yield found.group()
        finally:
            process.terminate()
            process.communicate(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium of the system's own packages."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        missing("playwright")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        missing("Chromium")
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page that notes everything it asks for and everything it complains of."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    made = context.new_page()
    made.asked, made.complaints = [], []
    made.on("request", lambda request: made.asked.append(request.url))
    made.on("console", lambda message: made.complaints.append(message.text) if message.type == "error" else None)
    made.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of the accessibility engine."""
    try:
        import axe_playwright_python as package
    except ModuleNotFoundError:
        missing("axe-playwright-python")
    return Path(str(package.__file__)).with_name("axe.min.js").read_text(encoding="utf-8")
