"""The blocks of the README and the guide: find them, run them, and (as a script) write what they print into them.

python tests/stories/readme.py     # rewrites their outputs and the scoreboard
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
GUIDE = ROOT / "examples" / "guide.md"
CONSOLE = re.compile(r"```console\n\$ (?P<command>surveytool [^\n]*)\n(?P<output>.*?)```", re.S)
PYTHON = re.compile(r"```python\n(?P<code>.*?)```", re.S)


def printed(command: str, folder: Path = ROOT, *, notes: bool = False) -> str:
    """What a command prints in a terminal of 80 columns; status 1 says that a claim is not reproduced."""
    words = [sys.executable, "-m", "surveytool", *shlex.split(command)[1:]]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTHONPATH"] = str(ROOT)
    error = subprocess.STDOUT if notes else subprocess.PIPE
    done = subprocess.run(
        words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=error, timeout=120, check=False
    )
    if done.returncode not in (0, 1):
        raise AssertionError((done.stderr or done.stdout).decode("utf-8"))
    return done.stdout.decode("utf-8")


def guided(text: str, folder: Path) -> list[tuple[str, str, str]]:
    """Command, what the guide shows, and what it prints, in order, in a folder with the example."""
    shutil.copytree(ROOT / "examples" / "iom_2023", folder / "examples" / "iom_2023")
    return [
        (found["command"], found["output"], printed(found["command"], folder, notes=True))
        for found in CONSOLE.finditer(text)
    ]


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
    guide = GUIDE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for command, shown, found in guided(guide, Path(folder)):
            guide = guide.replace(f"$ {command}\n{shown}", f"$ {command}\n{found}")
    GUIDE.write_text(guide, encoding="utf-8")


if __name__ == "__main__":
    main()
