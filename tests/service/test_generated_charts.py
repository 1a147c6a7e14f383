"""Charts of other people's generators through the service: read whole, and answered as the library answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mgdecide.assessment import assess
from tests.adapters.fhir.test_generated_charts import ON, generated, read_whole
from tests.service.ehr import Running

CAREBUNDLE = ("carebundle", "generate", "--profile", "mixed", "--count", "8", "--seed", "7", "--sex", "mixed")
SYNTHEA = ("synthea", "-p", "1", "-s", "42", "-r", "20260101", "-a", "60-90")


@pytest.mark.parametrize(("command", "least"), [((*CAREBUNDLE, "--out", "."), 8), (SYNTHEA, 1)])
def test_a_generated_chart_is_answered_as_by_the_library(
    shared: Running, tmp_path: Path, command: tuple[str, ...], least: int
) -> None:
    seen = 0
    for path in generated(tmp_path, *command):
        content = path.read_text(encoding="utf-8")
        if json.loads(content).get("resourceType") != "Bundle":
            continue
        patient, report = read_whole(content)
        answer = shared.client.post(
            f"/assess?on={ON}", content=content, headers={"content-type": "application/fhir+json"}
        )
        assert answer.status_code == 200
        assert answer.json() == json.loads(assess(patient).to_json())
        told = shared.client.post(f"/read?on={ON}", content=content, headers={"content-type": "application/fhir+json"})
        assert told.json()["reading"] == json.loads(json.dumps(report.to_record(), default=str))
        seen += 1
    assert seen >= least
