"""The README's blocks: find them, run them, and (as a script) write what they print into it.

python tests/stories/readme.py     # rewrites the outputs and the scoreboard of README.md
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n\$ (?P<command>surveytool [^\n]*)\n(?P<output>.*?)```", re.S)
PYTHON = re.compile(r"```python\n(?P<code>.*?)```", re.S)


def printed(command: str) -> str:
    """What a command of the README prints in a terminal of 80 columns."""
    words = [sys.executable, "-m", "surveytool", *shlex.split(command)[1:]]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode("utf-8"))
    return done.stdout.decode("utf-8")


def block(text: str, name: str) -> str:
    """The content between ``<!-- name -->`` and ``<!-- end -->``."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", text, re.S)
    if found is None:
        raise AssertionError(f"the README has no block {name}")
    return found[1]


def main() -> None:
    text = README.read_text(encoding="utf-8")
    text = CONSOLE.sub(lambda m: f"```console\n$ {m['command']}\n{printed(m['command'])}```", text)
    board = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "golden" / "scoreboard.py")], capture_output=True, text=True, check=True
    ).stdout
    text = text.replace(block(text, "scoreboard"), board) if block(text, "scoreboard") else text.replace(
        "<!-- scoreboard -->\n", f"<!-- scoreboard -->\n{board}"
    )  # fmt: skip
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
