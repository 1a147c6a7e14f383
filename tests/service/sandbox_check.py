"""An outside client against the service: the CDS Hooks sandbox, driven by headless Chromium, all on this machine.

    python tests/service/sandbox_check.py FOLDER [--pictures FOLDER]

FOLDER holds a built sandbox (an ``index.html`` and its scripts), which the project neither contains nor builds. The
script serves it, plays a FHIR R4 server with one invented patient, starts the service as a user would, opens the
sandbox on both, and checks that discovery, prefetch, JWT preflight and cards work end to end: a card of the chart, and
a card of an order. Exit code 0 where everything was seen. Nothing leaves the loopback interface.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

Json = dict[str, Any]
PATIENT = "sandbox-1"
SUBJECT = {"reference": f"Patient/{PATIENT}"}
UCUM = "http://unitsofmeasure.org"


def _today() -> str:
    from datetime import datetime

    return datetime.now().astimezone().date().isoformat()


def chart() -> list[Json]:
    """An invented patient: low magnesium, kidneys that close the gate, depression, alendronate."""

    def result(code: str, value: float, unit: str, words: str) -> Json:
        return {
            "resourceType": "Observation",
            "id": f"o-{code}",
            "status": "final",
            "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": words}], "text": words},
            "subject": SUBJECT,
            "effectiveDateTime": _today(),
            "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
        }

    return [
        {
            "resourceType": "Patient",
            "id": PATIENT,
            "name": [{"family": "Example", "given": ["Sandbox"], "text": "Sandbox Example"}],
            "gender": "female",
            "birthDate": "1960-05-05",
        },
        result("2601-3", 0.61, "mmol/L", "Magnesium"),
        result("98979-8", 22, "mL/min/{1.73_m2}", "eGFR"),
        {
            "resourceType": "Condition",
            "id": "c-1",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "370143000"}], "text": "Depression"},
            "subject": SUBJECT,
        },
        {
            "resourceType": "MedicationRequest",
            "id": "m-1",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "alendronate 70 mg tablet"},
            "subject": SUBJECT,
        },
    ]


class Fhir(http.server.BaseHTTPRequestHandler):
    """A FHIR R4 server that reads and searches one chart."""

    resources: list[Json] = chart()

    def log_message(self, format: str, *arguments: object) -> None:
        """Quiet."""

    def do_OPTIONS(self) -> None:
        """A browser asking whether it may."""
        self._answer({})

    def do_GET(self) -> None:
        """Metadata, read and search."""
        address = urlsplit(self.path)
        kind, _, id = address.path.strip("/").partition("/")
        if kind == "metadata":
            rest = [{"mode": "server"}]
            return self._answer(
                {"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "status": "active", "rest": rest}
            )
        if id:
            found = next((each for each in self.resources if (each["resourceType"], each["id"]) == (kind, id)), None)
            return self._answer(found or {"resourceType": "OperationOutcome", "issue": []}, 200 if found else 404)
        codes = {
            code.split("|")[-1] for listed in parse_qs(address.query).get("code", []) for code in listed.split(",")
        }
        hits = [each for each in self.resources if each["resourceType"] == kind and (not codes or codes & _codes(each))]
        entries = [{"resource": each} for each in hits]
        return self._answer({"resourceType": "Bundle", "type": "searchset", "total": len(hits), "entry": entries})

    def _answer(self, record: Json, status: int = 200) -> None:
        body = json.dumps(record).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/fhir+json")
        for name in ("Origin", "Headers", "Methods"):
            self.send_header(f"Access-Control-Allow-{name}", "*")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _codes(resource: Json) -> set[str]:
    return {coding["code"] for coding in resource.get("code", {}).get("coding", [])}


class Static(http.server.SimpleHTTPRequestHandler):
    """The built sandbox."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Quiet."""


@contextmanager
def serving(handler: Any) -> Iterator[str]:
    """A server of this process; its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@contextmanager
def mgdecide(folder: str) -> Iterator[str]:
    """The service, started as a user would start it."""
    environment = {**os.environ, "MGDECIDE_DATA_DIR": folder}
    command = [sys.executable, "-m", "mgdecide.adapters.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert found is not None, "the service did not start"
        threading.Thread(target=process.stderr.read, daemon=True).start()
        try:
            yield found.group()
        finally:
            process.terminate()
            process.wait(timeout=20)


def main() -> int:
    """Run the check; 0 where every step was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a built sandbox")
    parser.add_argument("--pictures", type=Path, help="where to put screenshots")
    arguments = parser.parse_args()
    if not (arguments.folder / "index.html").is_file():
        parser.error(f"{arguments.folder} holds no index.html")
    from playwright.sync_api import sync_playwright

    static = functools.partial(Static, directory=str(arguments.folder))
    with (
        tempfile.TemporaryDirectory() as data,
        serving(static) as sandbox,
        serving(Fhir) as fhir,
        mgdecide(data) as service,
        sync_playwright() as driver,
    ):
        query = {"fhirServiceUrl": fhir, "patientId": PATIENT, "serviceDiscoveryURL": f"{service}/cds-services"}
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", *quiet])
        page = browser.new_page(viewport={"width": 1500, "height": 1100})
        steps = Steps(page, arguments.pictures)
        page.on("request", steps.note)
        steps.keep_inside()
        page.goto(f"{sandbox}/index.html?{urlencode(query)}")
        steps.run(service)
        browser.close()
        kept = (Path(data) / "cards.jsonl").read_text()
        feedback = (Path(data) / "feedback.jsonl").read_text()
    steps.check("cards were recorded without the patient", bool(kept) and PATIENT not in kept + feedback)
    steps.check("feedback was kept with its rule", "gate.kidney" in feedback)
    return 0 if steps.good else 1


class Steps:
    """What is looked for, one after the other."""

    def __init__(self, page: Any, pictures: Path | None) -> None:
        self.good = True
        self._page = page
        self._pictures = pictures
        self._calls: list[tuple[str, Json, dict[str, str]]] = []
        self._outside: list[str] = []
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)

    def note(self, request: Any) -> None:
        """Keep every call of the sandbox to the service."""
        if "/cds-services" in request.url and request.method in ("GET", "POST"):
            body = json.loads(request.post_data) if request.post_data else {}
            self._calls.append((request.url, body, request.headers))

    def keep_inside(self) -> None:
        """Refuse whatever would leave this machine, and keep account of it."""

        def leave(route: Any) -> None:
            self._outside.append(route.request.url)
            route.abort()

        self._page.route(lambda address: urlsplit(address).hostname not in ("127.0.0.1", None), leave)

    def check(self, what: str, seen: bool) -> None:
        """Tell one step."""
        print(f"{'ok    ' if seen else 'FAILED'}  {what}")
        self.good = self.good and seen

    def run(self, service: str) -> None:
        """Chart, then order."""
        page = self._page
        shown = self._wait("Do not start oral magnesium")
        self._picture("chart")
        self.check("a card of the chart is shown", shown)
        self.check("the status is shown beside it", page.get_by_text("Review the low serum magnesium").count() > 0)
        urls = [url for url, _, _ in self._calls]
        self.check("the sandbox read the discovery document", f"{service}/cds-services" in urls)
        calls = [(body, headers) for url, body, headers in self._calls if url.endswith("mgdecide-patient-view")]
        self.check("it called patient-view", bool(calls))
        prefetch = calls[-1][0].get("prefetch", {}) if calls else {}
        self.check("with what was to be prefetched", {"patient", "labs", "conditions", "medications"} <= set(prefetch))
        self.check("with a JWT", bool(calls) and calls[-1][1].get("authorization", "").startswith("Bearer "))
        self._dismiss()
        self._order()

    def _dismiss(self) -> None:
        """Override the first card with a coded reason."""
        page = self._page
        page.get_by_label("select dismiss reason").first.click()
        page.get_by_role("menuitem").filter(has_text="A specialist is supervising").click()
        page.wait_for_timeout(1000)
        given = [body for url, body, _ in self._calls if url.endswith("mgdecide-patient-view/feedback")]
        self.check("a card was overridden with a coded reason", bool(given))
        reason = given[-1]["feedback"][0]["overrideReason"]["reason"] if given else {}
        self.check("the reason is ours", reason.get("code") == "specialist")

    def _order(self) -> None:
        """Choose a magnesium product in the prescribing view, and go on to signing."""
        page = self._page
        page.get_by_text("Rx View").first.click()
        page.locator("input[name='medication-input']").fill("magnesium")
        found = page.locator("[class*=ListItemButton]").filter(has_text=re.compile("magnesium", re.I)).first
        found.wait_for(timeout=10_000)
        print(f"        chosen: {found.inner_text()}")
        found.click()
        shown = self._wait("Do not start oral magnesium")
        self._picture("order-select")
        self.check("a card of the chosen order is shown", shown)
        page.get_by_text("Rx Sign").first.click()
        page.get_by_role("button", name="Sign Order").click()
        signed = self._wait("Do not start oral magnesium")
        self._picture("order-sign")
        self.check("a card of the order to sign is shown", signed)
        urls = {url.rsplit("/", 1)[-1] for url, _, _ in self._calls}
        self._picture("order-sign-below", below=True)
        print(f"        asked of other machines, and refused: {', '.join(self._outside) or 'nothing'}")
        self.check("both order hooks were called", {"mgdecide-order-select", "mgdecide-order-sign"} <= urls)

    def _wait(self, words: str) -> bool:
        try:
            self._page.get_by_text(words).first.wait_for(timeout=20_000)
        except Exception as error:  # the driver's own timeout
            print(type(error).__name__)
            return False
        return True

    def _picture(self, name: str, *, below: bool = False) -> None:
        if self._pictures:
            if below:
                self._page.get_by_text("Dismiss").last.scroll_into_view_if_needed()
            self._page.screenshot(path=str(self._pictures / f"{name}.png"))


if __name__ == "__main__":
    sys.exit(main())
