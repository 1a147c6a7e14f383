"""``python -m mgdecide`` is the command line."""

import sys

from mgdecide.adapters.cli import main

if __name__ == "__main__":
    sys.exit(main())
