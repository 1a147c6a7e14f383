"""The files of a folder: every one that is not hidden, or an error. None is passed over because it may not be seen."""

from __future__ import annotations

import os
from pathlib import Path

from mgdecide.adapters.suggestions import safe_text

_LONGEST = 400


def visible_files(folder: Path) -> list[Path]:
    """Every file in a folder and below it, in the order of their names; links to folders are not followed.

    Not what is hidden (``.x``), nor what Spark and its like mark or have not finished (``_x``).

    Raises:
        OSError: a folder is not there or may not be looked into. ``Path.rglob`` leaves such a folder out in silence.
    """
    found: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = filter(_is_visible, folders)
        found += (Path(place, name) for name in names if _is_visible(name))
    return sorted(path for path in found if path.is_file())


def not_seen(error: OSError) -> str:
    """What is told of a place that may not be looked into."""
    place = f" {safe_text(str(error.filename), _LONGEST)}" if error.filename else ""
    return f"what cannot be looked at ({error.strerror}{place})"


def _refuse(error: OSError) -> None:
    raise error


def _is_visible(name: str) -> bool:
    return not name.startswith((".", "_"))
