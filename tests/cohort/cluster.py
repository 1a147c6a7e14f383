"""A standalone Spark master with workers on this machine, started from the pyspark package."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

from attrs import frozen

from mgdecide.adapters.cohort_files.spark_session import find_java

_PATIENCE = 90.0


@frozen
class Cluster:
    """Where the master is, and each worker's folder, in which every job leaves one of its own."""

    master: str
    work: tuple[Path, ...]

    def submit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``spark-submit`` against this master."""
        command = [str(_spark() / "bin" / "spark-submit"), "--master", self.master, *arguments]
        return subprocess.run(command, env=_environment(), capture_output=True, text=True, timeout=400, check=False)


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A master and ``workers`` workers of one core each, all gone at the end."""
    port, page = _free_port(), _free_port()
    with ExitStack() as stack:
        here = ["--host", "127.0.0.1"]
        ports = ["--port", str(port), "--webui-port", str(page)]
        stack.enter_context(_started(folder, "master", "org.apache.spark.deploy.master.Master", *here, *ports))
        _wait(page, 0)
        work = tuple(folder / f"worker-{number}" for number in range(workers))
        for each in work:
            size = ["--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", str(each)]
            name, url = "org.apache.spark.deploy.worker.Worker", f"spark://127.0.0.1:{port}"
            stack.enter_context(_started(folder, each.name, name, *here, *size, url))
        _wait(page, workers)
        yield Cluster(f"spark://127.0.0.1:{port}", work)


@contextmanager
def _started(folder: Path, name: str, *arguments: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.log").open("wb") as log:
        command = [str(_spark() / "bin" / "spark-class"), *arguments]
        process = subprocess.Popen(command, env=_environment(), stdout=log, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _spark() -> Path:
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _environment() -> dict[str, str]:
    ours = {"JAVA_HOME": str(find_java()), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    return {**os.environ, **ours, "SPARK_HOME": str(_spark())}


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _wait(page: int, workers: int) -> None:
    """Until the master's page counts the workers."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{page}/json/", timeout=5) as answer:
                if json.load(answer)["aliveworkers"] >= workers:
                    return
        except OSError:
            pass
        assert time.monotonic() < until, "the cluster did not start"
        time.sleep(0.2)
