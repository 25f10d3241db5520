"""The things a developer does: python tests/tasks.py NAME [ARGUMENTS]. Needs Python alone; a task says what it runs.

python tests/tasks.py            # lists them
python tests/tasks.py setup      # .venv with everything that tests need
python tests/tasks.py test       # the whole suite, as CI runs it
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
Task = Callable[[Sequence[str]], int]


def python() -> str:
    """The environment's Python where setup has made one, else the one that runs this."""
    inside = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    return str(inside) if inside.exists() else sys.executable


def run(*command: str, paths: Sequence[str] = ()) -> int:
    """Run a command at the top of the project; its exit status."""
    print("+", " ".join(command), flush=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *(str(ROOT / path) for path in paths)])}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def all_of(*steps: Callable[[], int]) -> int:
    """Every step, also after one has failed; 1 if one has."""
    statuses = [step() for step in steps]
    return int(any(statuses))


def setup(arguments: Sequence[str]) -> int:
    """make .venv with the package and what its tests need"""
    made = 0 if VENV.exists() else run(sys.executable, "-m", "venv", str(VENV))
    return made or run(python(), "-m", "pip", "install", "--quiet", "-e", ".[test]", *arguments)


def test(arguments: Sequence[str]) -> int:
    """the whole suite on all processors; or the tests named"""
    return run(python(), "-m", "pytest", *(arguments or ("-n", "auto")))


def room(arguments: Sequence[str]) -> int:
    """the tests of one room and the doctests of its files: room estimate"""
    if not arguments:
        print("name a room: " + " ".join(sorted(each.name for each in (ROOT / "tests").iterdir() if each.is_dir())))
        return 2
    sys.path[:0] = [str(ROOT / "tests")]
    from mutation.own_tests import arguments as own

    return run(python(), "-m", "pytest", *own(ROOT, arguments[0]), *arguments[1:])


def lint(arguments: Sequence[str]) -> int:
    """ruff, its formatting, mypy"""
    return all_of(
        lambda: run(python(), "-m", "ruff", "check", "."),
        lambda: run(python(), "-m", "ruff", "format", "--check", "."),
        lambda: run(python(), "-m", "mypy"),
    )


def tidy(arguments: Sequence[str]) -> int:
    """let ruff mend and format what it can"""
    return all_of(
        lambda: run(python(), "-m", "ruff", "check", "--fix", "."),
        lambda: run(python(), "-m", "ruff", "format", "."),
    )


def pages(arguments: Sequence[str]) -> int:
    """write today's outputs into README, docs/, the guide and the recordings; then read git diff"""
    os.environ["RECORD"] = "1"
    recordings = sorted(str(each.relative_to(ROOT)) for each in (ROOT / "tests").glob("*/test_recorded.py"))
    return all_of(
        lambda: run(python(), "tests/stories/readme.py", paths=["tests"]),
        lambda: run(python(), "-m", "pytest", *recordings) if recordings else 0,
    )


def picture(arguments: Sequence[str]) -> int:
    """draw docs/rooms.svg from the rule of storeys"""
    return run(python(), "tests/laws/picture.py", paths=["tests"])


def mutate(arguments: Sequence[str]) -> int:
    """change rooms in small steps and see whether their own tests notice: mutate estimate --each 20"""
    return run(python(), "-m", "mutation", *arguments, paths=["tests"])


def parity(arguments: Sequence[str]) -> int:
    """how many numbers agree with R: live.py DESIGNS SEED; needs R with survey"""
    return run(python(), "tests/golden/live.py", *arguments, paths=["tests"])


def ci(arguments: Sequence[str]) -> int:
    """everything that must hold before a change lands"""
    return run("bash", ".ci/run")


TASKS: dict[str, Task] = {
    each.__name__: each for each in (setup, test, room, lint, tidy, pages, picture, mutate, parity, ci)
}


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in TASKS:
        print("python tests/tasks.py NAME\n")
        print("\n".join(f"  {name:8} {(task.__doc__ or '').strip()}" for name, task in TASKS.items()))
        return 2 if arguments else 0
    return TASKS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
