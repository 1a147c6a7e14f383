"""The module that writes the generated pages, loaded from docs/."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from docs import pages  # noqa: E402  # docs/ is no installed package

__all__ = ["ROOT", "pages"]
