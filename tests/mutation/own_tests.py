"""The tests of a room: which they are, and which of them reach a line of it.

A room's own tests are the folder of its name below tests/ and the doctests of its files; those of a file without a
room stand in tests/foundation. One run under coverage tells which tests pass each line; a mutant is shown only to
those, the fastest first, until a time is used up. Nobody traces what runs in a process that a test starts: such tests
are shown a mutant where no other one passes its line. Both make the share of killed mutants smaller than it is, never
larger.
"""

from __future__ import annotations

import ast
import hashlib
import os
import pickle
import resource
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from mutation.mutants import Mutant

FLAGS = ("-q", "-x", "--assert=plain", "-p", "no:cacheprovider", "--no-header", "--tb=no", "-p", "no:terminalreporter",
         "-p", "_hypothesis_pytestplugin")  # fmt: skip
Lines = dict[str, dict[int, list[str]]]
SETTINGS = "_hypothesis_internal_use_settings"
EXAMPLES = 10
STARTS = ("subprocess.Popen", "os.fork", "os.posix_spawn")


def arguments(root: Path, room: str) -> list[str]:
    """What pytest is asked to run for a room."""
    folder = root / "tests" / room
    single = root / "tests" / "foundation" / f"test_{room}.py"
    asked = [str(path.relative_to(root)) for path in (*sorted(folder.rglob("test_*.py")), single) if path.exists()]
    for path in room_files(root, room):
        if ">>> " in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            asked.append(f"tests/laws/test_doctests.py::test_the_examples_of_a_file_are_true[{name}]")
    return asked


class FewerExamples:
    """A pytest plugin: at most ten examples of hypothesis a test; they notice less than all would, never more."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        from hypothesis import settings

        for item in items:
            function = getattr(item, "obj", None)
            asked = getattr(function, SETTINGS, None)
            if asked is not None and asked.max_examples > EXAMPLES:
                setattr(function, SETTINGS, settings(asked, max_examples=EXAMPLES))


def spent() -> float:
    """Seconds of processor time of this process and of those that it started and has seen end."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


class Reach:
    """A pytest plugin: seconds of each test, the lines it passes, and whether it starts processes."""

    def __init__(self, root: Path) -> None:
        import coverage

        self.root = root
        self.seconds: dict[str, float] = {}
        self.starting: set[str] = set()
        self.failed: list[str] = []
        self.now = ""
        self.coverage = coverage.Coverage(data_file=None, source=[str(root / "surveytool")], concurrency=["thread"])
        sys.addaudithook(self.hear)

    def hear(self, event: str, _: Any) -> None:
        if self.now and event in STARTS:
            self.starting.add(self.now)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        self.now = item.nodeid
        self.coverage.switch_context(item.nodeid)
        start = spent()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = spent() - start
            self.now = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def run(self, asked: list[str]) -> dict[str, Any]:
        """Run the tests; what they reach, as plain data."""
        self.coverage.start()
        status = pytest.main([*(each for each in FLAGS if each != "-x"), *asked], plugins=[self, FewerExamples()])
        self.coverage.stop()
        data = self.coverage.get_data()
        lines: Lines = {}
        for path in data.measured_files():
            contexts = data.contexts_by_lineno(path)
            lines[os.path.relpath(path, self.root)] = {line: [c for c in held if c] for line, held in contexts.items()}
        return {"status": int(status), "seconds": self.seconds, "starting": sorted(self.starting),
                "failed": self.failed, "lines": lines}  # fmt: skip


def reached(root: Path, room: str, kept: Path, forked: Callable[..., Any], without: str = "") -> dict[str, Any]:
    """What a room's own tests reach; files of tests that were run on the same room before are not run again.

    ``without`` leaves out files whose names hold the text: slow ones, that may be spared where others notice.
    """
    stamp = code(root, room)
    groups = grouped(arguments(root, room))
    groups = {name: asked for name, asked in groups.items() if not without or without not in name}
    places = {name: kept / f"{fingerprint(root, name, asked, stamp)}.pickle" for name, asked in groups.items()}
    missing = [name for name, path in places.items() if not path.exists()]
    if missing:
        asked = [argument for name in missing for argument in groups[name]]
        answer = forked(root, lambda: Reach(root).run(asked), 1800)
        if answer is None or answer["status"] not in (0, 1, 5):
            raise SystemExit(f"{room}: its own tests cannot be run: {answer and (answer['failed'], answer['status'])}")
        kept.mkdir(parents=True, exist_ok=True)
        for name in missing:
            places[name].write_bytes(pickle.dumps(part(answer, name)))
    return joined([pickle.loads(path.read_bytes()) for path in places.values()])


def grouped(asked: list[str]) -> dict[str, list[str]]:
    """The arguments of pytest by the file that they are in."""
    groups: dict[str, list[str]] = {}
    for argument in asked:
        groups.setdefault(argument.split("::")[0], []).append(argument)
    return groups


def code(root: Path, room: str) -> bytes:
    """A digest of the room's files and of what tests share: lines that tests reach there stay where they are."""
    digest = hashlib.sha256(room.encode())
    shared = [path for path in (root / "tests").rglob("*.py") if not path.name.startswith("test_")]
    for path in sorted([*room_files(root, room), *shared]):
        if "mutation" not in path.parts:
            digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.digest()


def room_files(root: Path, room: str) -> list[Path]:
    place = root / "surveytool" / room
    return sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def fingerprint(root: Path, name: str, asked: list[str], stamp: bytes) -> str:
    return hashlib.sha256(stamp + "\n".join(asked).encode() + (root / name).read_bytes()).hexdigest()[:32]


def part(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """What the tests of one file reach."""
    inside = [test for test in answer["seconds"] if test.startswith(f"{name}::") and test not in answer["failed"]]
    chosen = set(inside)
    lines = {
        path: {line: kept for line, tests in held.items() if (kept := [test for test in tests if test in chosen])}
        for path, held in answer["lines"].items()
    }
    return {"seconds": {test: answer["seconds"][test] for test in inside}, "lines": lines,
            "starting": [test for test in answer["starting"] if test in chosen],
            "failed": [test for test in answer["failed"] if test.startswith(f"{name}::")]}  # fmt: skip


def joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    lines: Lines = {}
    for each in parts:
        for path, held in each["lines"].items():
            for line, tests in held.items():
                lines.setdefault(path, {}).setdefault(line, []).extend(tests)
    return {"seconds": {test: time for each in parts for test, time in each["seconds"].items()}, "lines": lines,
            "starting": sorted(test for each in parts for test in each["starting"]),
            "failed": sorted(test for each in parts for test in each.get("failed", ()))}  # fmt: skip


@lru_cache(maxsize=4096)
def readers(text: str) -> dict[str, set[int]]:
    """Every name that a file reads and every text that it holds (the key of a note), with its lines."""
    lines: dict[str, set[int]] = {}
    for node in ast.walk(ast.parse(text)):
        named = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "value", None)
        if isinstance(named, str):
            lines.setdefault(named, set()).add(getattr(node, "lineno", 0))
    return lines


@lru_cache(maxsize=1024)
def import_lines(text: str) -> set[int]:
    """Lines that run when a module is loaded: all but the bodies of functions."""
    later: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            later |= set(range(node.body[0].lineno, (node.end_lineno or 0) + 1))
    return set(range(1, text.count("\n") + 2)) - later


def reading_lines(text: str, names: tuple[str, ...]) -> set[int]:
    """Lines of a file that read one of the names, or hold it as a text."""
    lines = readers(text)
    return {line for name in names for line in lines.get(name, ())}


def selected(root: Path, mutant: Mutant, reach: dict[str, Any], most: float) -> list[str]:
    """The tests that meet the mutant, the fastest first, as many as take ``most`` seconds together.

    What stands at the top of a module, as the default of a parameter, or in a function that keeps its answer, meets
    tests that pass none of its lines: so those that pass its file or speak of its name come after the others.
    """
    lines = reach["lines"]
    near: set[str] = set()
    if mutant.names or mutant.path.endswith(".toml"):
        for path, held in lines.items():
            reading = reading_lines((root / path).read_text(encoding="utf-8"), mutant.names)
            near |= {test for line, tests in held.items() if line in reading for test in tests}
    first, last = mutant.lines
    near |= {test for line, tests in lines.get(mutant.path, {}).items() if first <= line <= last for test in tests}
    seconds = reach["seconds"]
    speaking = {test for test in seconds if any(name in words_of(root / test.split("::")[0]) for name in mutant.names)}
    early = mutant.path.endswith(".py") and first in import_lines((root / mutant.path).read_text(encoding="utf-8"))
    beside = (
        {test for tests in lines.get(mutant.path, {}).values() for test in tests}
        if mutant.names or early or not near
        else set()
    )
    rest = (speaking | beside) - near
    ordered = [*sorted(near, key=seconds.__getitem__), *sorted(rest, key=seconds.__getitem__)]
    return affordable(ordered or sorted(reach["starting"], key=seconds.__getitem__), seconds, most)


def affordable(tests: list[str], seconds: dict[str, float], most: float) -> list[str]:
    """The first tests that take ``most`` seconds together, longer ones left out, and one at least."""
    kept, used = [], 0.0
    for test in tests:
        if used + seconds[test] <= most or not kept:
            used += seconds[test]
            kept.append(test)
    return kept


@lru_cache(maxsize=1024)
def words_of(path: Path) -> frozenset[str]:
    """The names that a file of tests reads."""
    return frozenset(readers(path.read_text(encoding="utf-8")))
