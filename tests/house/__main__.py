"""Count the house, or walk through it with one invoice.

``python -m tests.house count`` prints how many modules, lines and types there are; ``python -m
tests.house walk`` what one invoice goes through. ``--root PATH`` does either for another checkout,
an older one too: with the environment that is there in ``.venv``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
USE = "python -m tests.house count|walk [--root PATH]"


def main(arguments: list[str]) -> int:
    """Run the report for the checkout, with its own Python and from its own folder."""
    if not arguments or arguments[0] not in ("count", "walk"):
        print(USE, file=sys.stderr)
        return 2
    root = HERE.parents[1]
    if "--root" in arguments:
        root = Path(arguments[arguments.index("--root") + 1]).resolve()
    python = root / ".venv" / "bin" / "python"
    report = HERE / f"{arguments[0]}.py"
    command = [str(python) if python.exists() else sys.executable, str(report), str(root)]
    return subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
