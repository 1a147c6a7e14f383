"""The module that writes the generated pages, and the folder it stands in."""

from __future__ import annotations

from pathlib import Path

from docs import pages

ROOT = Path(__file__).parent.parent.parent

__all__ = ["ROOT", "pages"]
