"""Run a benchmark by its name: `./run bench questions sqlite:///PATH`; without a name, say which there are."""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path


def main() -> None:
    """Run the program named by the first argument with the rest of them."""
    programs = {path.stem: path for path in sorted(Path(__file__).parent.glob("[a-z]*.py"))}
    if len(sys.argv) < 2 or sys.argv[1] not in programs:
        for name, path in programs.items():
            about = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
            print(f"{name:<12}{about.splitlines()[0]}")
        sys.exit(0 if len(sys.argv) < 2 else f"there is no benchmark {sys.argv[1]!r}")
    del sys.argv[0]
    runpy.run_path(str(programs[sys.argv[0]]), run_name="__main__")


if __name__ == "__main__":
    main()
