"""Mutants: one small change of meaning in one file of a room, found by the syntax tree and written into the text.

Three kinds. *Arithmetic*: an operator, a number in a formula, a minimum for a maximum. *Thresholds*: a comparison, a
condition, a constant of the module, a flag. *Sentences*: a word dropped from a message in the code or from a note in
text/en, which the file names by its key. Only the place of the change is rewritten, so a mutant is the file with a few
other characters; annotations, docstrings and imports for types are left alone.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

ARITHMETIC, THRESHOLD, SENTENCE = "arithmetic", "threshold", "sentence"
OPERATORS = {ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
             ast.FloorDiv: ("//", "/"), ast.Mod: ("%", "+"), ast.Pow: ("**", "*")}  # fmt: skip
COMPARED = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
            ast.Eq: ("==", "!="), ast.NotEq: ("!=", "==")}  # fmt: skip
TWINS = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "any": "all", "all": "any",
         "floor": "ceil", "ceil": "floor"}  # fmt: skip
SKIPPED = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A change of one place; ``lines`` is the statement it stands in, ``names`` what a test must use to meet it.

    ``names`` is empty inside a function. A module's constant is met where its name is read, a note where its key is.
    """

    path: str
    line: int
    kind: str
    before: str
    after: str
    start: int
    end: int
    lines: tuple[int, int]
    names: tuple[str, ...] = ()
    around: str = ""

    def apply(self, text: str) -> str:
        assert text[self.start : self.end] == self.before, self
        return text[: self.start] + self.after + text[self.end :]

    def key(self) -> str:
        """What a person reads: file, line, before and after."""
        return f"{self.path}:{self.line}: {self.before} -> {self.after}"

    def text(self) -> str:
        """What stays the same while lines move: the file, its line with the change marked, and what comes in."""
        return f"{self.path}: {self.around} -> {self.after}".strip()


class Finder(ast.NodeVisitor):
    """Collects the mutants of one Python file."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.starts = [0]
        for line in text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.ascii = [line.isascii() for line in text.splitlines()]
        self.found: list[Mutant] = []
        self.statement: ast.stmt | None = None
        self.depth = 0
        self.names: tuple[str, ...] = ()

    def at(self, line: int, column: int) -> int:
        """The place in the text of a line and a column in bytes."""
        start = self.starts[line - 1]
        if self.ascii[line - 1]:
            return start + column
        row = self.text[start : self.starts[line]]
        return start + len(row.encode("utf-8")[:column].decode("utf-8"))

    def span(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def add(self, kind: str, start: int, end: int, after: str) -> None:
        before = self.text[start:end]
        stated = self.statement
        if stated is None or before == after:
            return
        body = getattr(stated, "body", None)
        last = body[0].lineno - 1 if isinstance(body, list) and body else stated.end_lineno or stated.lineno
        line = self.text.count("\n", 0, start) + 1
        names = self.names if self.depth == 0 else ()
        around = marked(self.text, start, end)
        self.found.append(
            Mutant(path=self.path, line=line, kind=kind, before=before, after=after, start=start, end=end,
                   lines=(stated.lineno, max(last, stated.lineno)), names=names, around=around)
        )  # fmt: skip

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, SKIPPED) or is_for_types(node):
            return
        if isinstance(node, ast.stmt):
            self.enter(node)
        else:
            self.look(node)
            super().visit(node)

    def enter(self, node: ast.stmt) -> None:
        """A statement: its expressions belong to it, and names at the top of the module to what it assigns."""
        outer, self.statement = self.statement, node
        named = self.names
        if self.depth == 0 and isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            self.names = tuple(each.id for each in targets if isinstance(each, ast.Name))
        inner = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        self.depth += inner
        if inner:
            for default in (*node.args.defaults, *(each for each in node.args.kw_defaults if each)):
                self.visit(default)
            for each in without_docstring(node.body):
                self.visit(each)
        elif isinstance(node, ast.ClassDef):
            for each in without_docstring(node.body):
                self.visit(each)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.visit(node.value)
        elif not is_docstring(node):
            for child in ast.iter_child_nodes(node):
                self.visit(child)
        self.depth -= inner
        self.statement, self.names = outer, named

    def look(self, node: ast.AST) -> None:
        """The mutants of one expression."""
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and not is_text(node):
            self.between(node.left, node.right, OPERATORS[type(node.op)], ARITHMETIC)
        elif isinstance(node, ast.Compare):
            for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
                if type(operator) in COMPARED:
                    self.between(left, right, COMPARED[type(operator)], THRESHOLD)
        elif isinstance(node, ast.BoolOp):
            pair = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in zip(node.values, node.values[1:], strict=False):
                self.between(left, right, pair, THRESHOLD)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
            start, inner = self.span(node)[0], self.span(node.operand)[0]
            self.add(THRESHOLD if isinstance(node.op, ast.Not) else ARITHMETIC, start, inner, "")
        elif isinstance(node, ast.Call):
            self.call(node)
        elif isinstance(node, ast.Constant):
            self.constant(node)

    def between(self, left: ast.expr, right: ast.expr, pair: tuple[str, str], kind: str) -> None:
        """The operator that stands between two expressions."""
        first, last = self.span(left)[1], self.span(right)[0]
        place = self.text.find(pair[0], first, last)
        if place >= 0 and "#" not in self.text[first:last]:
            self.add(kind, place, place + len(pair[0]), pair[1])

    def call(self, node: ast.Call) -> None:
        """A minimum for a maximum, any for all."""
        name = node.func
        if isinstance(name, ast.Attribute) and name.attr in TWINS:
            end = self.span(name)[1]
            self.add(ARITHMETIC, end - len(name.attr), end, TWINS[name.attr])
        elif isinstance(name, ast.Name) and name.id in TWINS:
            self.add(ARITHMETIC, *self.span(name), TWINS[name.id])

    def constant(self, node: ast.Constant) -> None:
        kind = ARITHMETIC if self.depth else THRESHOLD
        if isinstance(node.value, bool):
            self.add(THRESHOLD, *self.span(node), str(not node.value))
        elif isinstance(node.value, int):
            self.add(kind, *self.span(node), str(node.value + 1))
        elif isinstance(node.value, float):
            self.add(kind, *self.span(node), repr(node.value * 1.25 if node.value else 0.5))
        elif isinstance(node.value, str) and " " in node.value.strip() and "\n" not in node.value:
            start, end = self.span(node)
            raw = self.text[start:end]
            shorter = without_a_word(raw)
            if shorter is not None and "\n" not in raw:
                self.add(SENTENCE, start, end, shorter)


def marked(text: str, start: int, end: int) -> str:
    """The line of a place, the place in double brackets."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    return (text[first:start] + "[[" + text[start:end] + "]]" + text[end : last if last >= 0 else len(text)]).strip()


def is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    return body[1:] if body and is_docstring(body[0]) else body


def is_for_types(node: ast.AST) -> bool:
    """``if TYPE_CHECKING`` and aliases of arrays."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
        return node.test.id == "TYPE_CHECKING"
    value = getattr(node, "value", None)
    return (
        isinstance(node, ast.Assign) and isinstance(value, ast.Subscript) and ast.unparse(value).startswith("NDArray")
    )


def is_text(node: ast.BinOp) -> bool:
    return any(isinstance(each, ast.JoinedStr) or (isinstance(each, ast.Constant) and isinstance(each.value, str))
               for each in (node.left, node.right))  # fmt: skip


def without_a_word(text: str) -> str | None:
    """A sentence without its longest plain word: what is said is no longer said."""
    words = re.findall(r"(?<![\w{\\'\"])[A-Za-z]{3,}(?![\w}\\'\"=(])", text)
    if not words:
        return None
    word = max(words, key=len)
    return re.sub(rf"(?<!\w){word}(?!\w) ?", "", text, count=1)


def of_python(path: str, text: str) -> list[Mutant]:
    """Every mutant of a Python file that still is Python."""
    finder = Finder(path, text)
    for each in without_docstring(ast.parse(text).body):
        finder.visit(each)
    return [each for each in finder.found if valid(each.apply(text))]


def valid(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def of_notes(path: str, text: str, used: str) -> Iterator[Mutant]:
    """Sentences of a file of words whose key the room's code names; those of a plural have that of their table."""
    place, table = 0, ""
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        key, equals, sentence = line.partition(" = ")
        table = line.strip("[]\n ") if line.startswith("[") else table
        name = table.split(".")[1] if "." in table else key
        if equals and sentence.count(" ") > 2 and f'"{name}"' in used:
            shorter = without_a_word(sentence)
            if shorter is not None:
                start = place + len(key) + len(equals)
                yield Mutant(path=path, line=number, kind=SENTENCE, before=sentence, after=shorter, start=start,
                             end=start + len(sentence), lines=(number, number), names=(name,),
                             around=f"{table} {key} [[{sentence.strip()}]]")  # fmt: skip
        place += len(line)


def of_room(root: Path, room: str) -> list[Mutant]:
    """Every mutant of a room once, in the order of its files; those that read alike are numbered."""
    place = root / "surveytool" / room
    files = sorted(place.glob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    texts = {str(each.relative_to(root)): each.read_text(encoding="utf-8") for each in files}
    found = [mutant for path, text in texts.items() for mutant in of_python(path, text)]
    used = "\n".join(texts.values())
    for words in sorted((root / "surveytool" / "text" / "en").glob("*.toml")):
        found += of_notes(str(words.relative_to(root)), words.read_text(encoding="utf-8"), used)
    single = {(mutant.path, mutant.start, mutant.end, mutant.after): mutant for mutant in found}
    return list(numbered(single.values()))


def numbered(mutants: Iterable[Mutant]) -> Iterator[Mutant]:
    """The second of those with the same text gets a 2, so that a text names one mutant."""
    seen: Counter[str] = Counter()
    for mutant in mutants:
        seen[mutant.text()] += 1
        count = seen[mutant.text()]
        yield replace(mutant, around=f"({count}) {mutant.around}") if count > 1 else mutant
