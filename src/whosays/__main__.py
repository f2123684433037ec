"""`python -m whosays`."""

from __future__ import annotations

import sys

from whosays.cli import main

if __name__ == "__main__":
    sys.exit(main())
