"""The blocks of the README, the pages and the guide: find them, run them, and (as a script) write what they print.

python tests/stories/readme.py     # rewrites their outputs, the scoreboard and the picture of the rooms
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
INFERENCE = ROOT / "docs" / "inference.md"
PAGES = (README, *sorted((ROOT / "docs").rglob("*.md")))
CONSOLE = re.compile(r"```console\n\$ (?P<command>surveytool [^\n]*)\n(?P<output>.*?)```", re.S)
PYTHON = re.compile(r"```python\n(?P<code>import surveytool.*?)```", re.S)


def printed(command: str, folder: Path = ROOT, *, notes: bool = False) -> str:
    """What a command prints in a terminal of 80 columns; status 1 says that a claim is not reproduced."""
    words = [sys.executable, "-m", "surveytool", *shlex.split(command)[1:]]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PYTHONPATH"] = str(ROOT)
    error = subprocess.STDOUT if notes else subprocess.PIPE
    done = subprocess.run(
        words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=error, timeout=600, check=False
    )
    if done.returncode not in (0, 1):
        raise AssertionError((done.stderr or done.stdout).decode("utf-8"))
    return done.stdout.decode("utf-8")


def guided(text: str, folder: Path) -> list[tuple[str, str, str]]:
    """Command, what the guide shows, and what it prints, in order, in a folder with the example."""
    shutil.copytree(ROOT / "examples" / "iom_2023", folder / "examples" / "iom_2023")
    return [
        (shown["command"], shown["output"], printed(shown["command"], folder, notes=True))
        for shown in CONSOLE.finditer(text)
    ]


def block(text: str, name: str) -> str:
    """The content between ``<!-- name -->`` and ``<!-- end -->``."""
    content = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", text, re.S)
    if content is None:
        raise AssertionError(f"the page has no block {name}")
    return content[1]


def write_outputs(page: Path) -> None:
    """Every command of a page with what it prints today."""
    text = page.read_text(encoding="utf-8")
    text = CONSOLE.sub(lambda m: f"```console\n$ {m['command']}\n{printed(m['command'])}```", text)
    page.write_text(text, encoding="utf-8")


def write_scoreboard() -> None:
    command = [sys.executable, str(ROOT / "tests" / "golden" / "scoreboard.py")]
    board = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    text = INFERENCE.read_text(encoding="utf-8")
    before = f"<!-- scoreboard -->\n{block(text, 'scoreboard')}"
    INFERENCE.write_text(text.replace(before, f"<!-- scoreboard -->\n{board}"), encoding="utf-8")


def write_guide() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for command, shown, output in guided(guide, Path(folder)):
            guide = guide.replace(f"$ {command}\n{shown}", f"$ {command}\n{output}")
    GUIDE.write_text(guide, encoding="utf-8")


def main() -> None:
    for page in PAGES:
        write_outputs(page)
    write_scoreboard()
    write_guide()
    subprocess.run([sys.executable, str(ROOT / "tests" / "laws" / "picture.py")], check=True)


if __name__ == "__main__":
    main()
