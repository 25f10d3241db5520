"""What public functions say of themselves: shapes of arrays, errors that they raise. The counts never fall."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from laws.test_structure import MODULES, PACKAGE

ARRAYS = re.compile(r"\b(Floats|Flags|Truth|Codes|Keys|LongKeys|Counts|Integers|Datetimes|NDArray|Bounds)\b")
SHAPE = re.compile(r"\[[\w+*.,() -]+\]|\bone shape\b|\bof one dimension\b|\beach entry\b")
ERRORS = {"UsageError", "UnreadableData", "UnusableDesign", "UnknownVariable", "Cannot", "AttributeError", "TypeError",
          "ValueError"}  # fmt: skip
SAID = re.compile(r"\b[Rr]aise[sd]?\b|\b[Rr]efuse[sd]?\b|``\w*(Error|UnreadableData|UnusableDesign|UnknownVariable)``")
SHAPES_TOLD, ERRORS_TOLD = 0.88, 0.98  # shares of those asked; half of both when this was first counted


def public() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Functions and methods whose names have no underscore; what a command says is its help."""
    for path in MODULES:
        if path.parent.name == "cli":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in [tree, *(each for each in ast.walk(tree) if isinstance(each, ast.ClassDef))]:
            for each in node.body:
                if isinstance(each, ast.FunctionDef) and not each.name.startswith("_"):
                    yield path, each


def signature(function: ast.FunctionDef) -> str:
    parameters = [*function.args.args, *function.args.kwonlyargs]
    annotations = [each.annotation for each in parameters] + [function.returns]
    return " ".join(ast.unparse(each) for each in annotations if each is not None)


def raised(function: ast.FunctionDef) -> set[str]:
    """Names of errors that the function itself raises."""
    inner = {sub for each in ast.walk(function) if isinstance(each, ast.FunctionDef) and each is not function
             for sub in ast.walk(each)}  # fmt: skip
    names = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and node.exc is not None and node not in inner:
            called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            names.add(ast.unparse(called))
    return names & ERRORS


def place(path: Path, function: ast.FunctionDef) -> str:
    return f"{path.relative_to(PACKAGE)}:{function.lineno} {function.name}"


def silent_about_shapes() -> tuple[list[str], int]:
    asked = [(path, each) for path, each in public() if ARRAYS.search(signature(each))]
    return [place(*each) for each in asked if not SHAPE.search(ast.get_docstring(each[1]) or "")], len(asked)


def silent_about_errors() -> tuple[list[str], int]:
    asked = [(path, each) for path, each in public() if raised(each)]
    return [place(*each) for each in asked if not SAID.search(ast.get_docstring(each[1]) or "")], len(asked)


def test_functions_on_arrays_say_their_shapes() -> None:
    silent, asked = silent_about_shapes()
    assert 1 - len(silent) / asked >= SHAPES_TOLD, "\n".join(silent)


def test_functions_that_raise_say_so() -> None:
    silent, asked = silent_about_errors()
    assert 1 - len(silent) / asked >= ERRORS_TOLD, "\n".join(silent)
