"""The service below a path: mounted in another program, or behind a gateway that takes the path away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from mgdecide.adapters.web.paths import path_in, placed, prefix_of
from tests.service.ehr import KIDNEY, VIEW, hook_call, running

ADDRESSES = re.compile(r'\s(?:href|action|src)="(/[^"]*)"')


def test_mounted_every_address_of_a_page_leads_below_the_mount(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        host = FastAPI()
        host.mount("/mg", service.client.app)
        client = TestClient(host)
        for page in (
            client.get("/mg/?example=demo-1"),
            client.get("/mg/explain/gate.kidney"),
            client.get("/mg/nothing", headers={"accept": "text/html"}),
            client.post("/mg/patient-view", data={"age_years": "50"}),
            client.post("/mg/workbench/fragment", data={"age_years": "50"}),
        ):
            found = ADDRESSES.findall(page.text)
            assert found
            assert all(address.startswith("/mg/") for address in found)
        assert client.get("/mg/static/workbench.css").status_code == 200
        answer = client.post(f"/mg/cds-services/{VIEW}", json=hook_call(VIEW, KIDNEY.prefetch()))
        assert answer.json()["cards"]
        assert 'route="/cds-services/{id}"' in client.get("/mg/metrics").text, "counted as its route, not as another"


def test_behind_a_gateway_the_public_address_says_the_path(tmp_path: Path) -> None:
    with running(tmp_path, public_url="https://h.example/mg") as service:
        found = ADDRESSES.findall(service.client.get("/?example=demo-1").text)
        assert found
        assert all(address.startswith("/mg/") for address in found)
        card = service.call(VIEW, KIDNEY.prefetch()).json()["cards"][0]
        assert card["links"][0]["url"] == "https://h.example/mg/"


@pytest.mark.parametrize(
    ("path", "root", "inside"),
    [("/a", "", "/a"), ("/mg/a", "/mg", "/a"), ("/mg/", "/mg/", "/"), ("/mgx/a", "/mg", "/mgx/a"), ("/a", "/mg", "/a")],
)
def test_the_path_within_the_service(path: str, root: str, inside: str) -> None:
    assert path_in({"path": path, "root_path": root}) == inside


def test_a_prefix_is_never_markup_and_never_in_a_text() -> None:
    assert prefix_of({"root_path": "/a/"}, "") == "/a"
    assert prefix_of({"root_path": "/a"}, "https://h.example") == ""
    page = '<a href="/x">href=&quot;/y</a><img src="/z"><a href="#here">'
    assert placed(page, "/p") == '<a href="/p/x">href=&quot;/y</a><img src="/p/z"><a href="#here">'
    assert placed(page, '/p"><script>') == page
