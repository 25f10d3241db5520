"""The rooms and their order: who may import whom, who may print, what the light path loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "surveytool"
# From the ground up; a room imports only rooms of a lower storey.
STOREYS = {
    "errors": 0,
    "notes": 0,
    "frozen": 0,
    "arrow": 0,
    "arrays": 0,
    "lazy": 0,
    "version": 0,
    "survey": 1,
    "text": 2,
    "stream": 2,
    "recruitment": 2,
    "reading": 3,
    "aggregate": 3,
    "cleaning": 4,
    "recoding": 4,
    "weighting": 4,
    "indicator_library": 3,
    "shipped": 3,
    "explanations": 6,
    "collection_form": 5,
    "estimate": 4,
    "request_text": 4,
    "disclosure_control": 5,
    "regression": 5,
    "replication_code": 5,
    "analysis_list": 5,
    "rosters": 6,
    "table": 6,
    "crosstabs": 6,
    "render": 7,
    "tabulation": 7,
    "coverage_simulation": 8,
    "charts": 8,
    "disclosure_audit": 8,
    "output_files": 8,
    "published_figures": 8,
    "writing": 9,
    "study": 9,
    "recruitment_report": 9,
    "reports": 10,
    "proofreading": 10,
    "checks": 10,
    "manifest": 10,
    "weight_making": 10,
    "adjustment": 10,
    "disclosure_risk": 11,
    "field_quality": 11,
    "study_draft": 12,
    "api": 11,
    "cli": 13,
    "__main__": 14,
}
HEAVY = {
    "pandas",
    "numpy",
    "scipy",
    "matplotlib",
    "statsmodels",
    "pyarrow",
    "pyreadstat",
    "polars",
    "duckdb",
    "highspy",
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Rooms of the package that a module imports anywhere: at the top, in functions, for types."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "surveytool":
            names = [f"surveytool.{each.name}" for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        found |= {name.split(".")[1] for name in names if name.startswith("surveytool.")}
    return found


def test_every_room_has_a_storey() -> None:
    assert {room(path) for path in MODULES} - {"__init__"} == set(STOREYS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_rooms_below(path: Path) -> None:
    own = room(path)
    if own == "__init__":
        return
    for other in imported(path) - {own}:
        assert STOREYS[other] < STOREYS[own], f"{own} imports {other}"


def dotted(path: Path) -> str:
    """The name that a file is imported by."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {dotted(path): path for path in MODULES}


def files_imported(name: str) -> set[str]:
    """Files of the package that a file imports anywhere: at the top, in functions, for types.

    The faces of its own room and of the package are left out: Python runs them before any file in
    them, and a room's registry is for its files to read.
    """
    found: set[str] = set()
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{each.name}" for each in node.names}
            found |= {each if each in FILES else node.module for each in inner}
    return {each for each in found & set(FILES) if not f"{name}.".startswith(f"{each}.")}


def circle(start: str, below: dict[str, set[str]]) -> list[str]:
    """A shortest way from a file back to itself over imports; empty where there is none."""
    ways = [[start]]
    seen: set[str] = set()
    for way in ways:
        for other in sorted(below[way[-1]] - seen):
            if other == start:
                return [*way, start]
            seen.add(other)
            ways.append([*way, other])
    return []


def test_no_two_files_import_each_other_in_a_circle() -> None:
    below = {name: files_imported(name) for name in FILES}
    assert sum(map(len, below.values())) > len(FILES), "imports are seen"
    found = {frozenset(way): way for name in FILES if (way := circle(name, below))}
    assert not found, "\n".join(" -> ".join(way) for way in found.values())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_doors_speak(path: Path) -> None:
    doors = {PACKAGE / "cli" / "screen.py", PACKAGE / "cli" / "app.py"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec")
            assert node.func.id != "print" or path in doors
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) != ("warnings", "warn")
            assert node.value.id != "sys" or node.attr not in ("stdout", "stderr") or path in doors


def test_values_are_made_without_compiling_their_functions() -> None:
    slow = "@dataclass(frozen=True, slots=True, kw_only=True)"
    found = [str(path) for path in MODULES if slow in path.read_text(encoding="utf-8")]
    assert not found, "surveytool.frozen makes the same value at a tenth of the cost"


def test_registries_name_what_exists() -> None:
    from surveytool import charts, checks, estimate, reading, recoding, render, reports, writing
    from surveytool.lazy import registered

    registries = {
        "reading": [reading.FORMATS], "render": [render.FORMATS, render.CODEBOOKS], "charts": [charts.CHARTS],
        "estimate": estimate.STATISTICS.values(), "checks": [checks.CHECKS], "recoding": [recoding.RECODES],
        "reports": [reports.FORMATS], "writing": [writing.FORMATS, writing.STREAMS],
    }  # fmt: skip
    for name, addresses in registries.items():
        for address in (each for registry in addresses for each in registry.values()):
            assert registered(f"surveytool.{name}", address) is not None


def test_no_room_resolves_names_by_hand() -> None:
    """Names that are loaded on first use go through ``lazy``, so that one place knows how."""
    found = [str(path) for path in MODULES if "import_module" in path.read_text(encoding="utf-8")]
    assert found == [str(PACKAGE / "lazy.py")]


def loaded(*arguments: str) -> set[str]:
    """Every module that a child process imports."""
    command = [sys.executable, "-X", "importtime", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize(
    "arguments",
    [
        ("-c", "import surveytool"),
        ("-m", "surveytool", "--help"),
        ("-m", "surveytool", "summarize", "--help"),
        ("-m", "surveytool", "chart", "--help"),
        ("-m", "surveytool", "--version"),
    ],
    ids=lambda each: " ".join(each[1:]),
)
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not {name.split(".")[0] for name in loaded(*arguments)} & HEAVY


def test_a_table_from_csv_loads_only_what_it_needs() -> None:
    command = (
        "-m",
        "surveytool",
        "summarize",
        "examples/iom_2023/transit.csv",
        "education",
        "--by",
        "sex",
        "-w",
        "weight",
    )
    names = loaded(*command, "--format", "json")
    roots = {name.split(".")[0] for name in names}
    assert {"numpy", "pyarrow"} <= roots
    assert not roots & {
        "pandas",
        "scipy",
        "matplotlib",
        "statsmodels",
        "narwhals",
        "rich",
        "polars",
        "duckdb",
        "pydantic",
    }
    assert not names & {"pyarrow.compute", "surveytool.aggregate.where_language", "surveytool.aggregate.domain"}


def test_a_table_to_csv_reads_no_words(tmp_path: Path) -> None:
    command = ("-m", "surveytool", "summarize", "examples/iom_2023/transit.csv", "education", "-w", "weight")
    assert "tomllib" not in loaded(*command, "-o", str(tmp_path / "table.csv"))


def test_a_table_from_sav_needs_no_pandas() -> None:
    command = ("-m", "surveytool", "summarize", "examples/iom_2023/transit.sav", "education", "-w", "weight")
    roots = {name.split(".")[0] for name in loaded(*command, "--format", "json")}
    assert "pyreadstat" in roots
    assert not roots & {"pandas", "scipy", "matplotlib", "statsmodels", "polars", "duckdb"}
