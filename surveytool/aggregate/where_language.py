"""The language of ``--where``: comparisons joined by and, or, not; parsed by us, never evaluated as Python.

    sex == 'Female' and age >= 18
    `travel company` in ('Alone', 'Family') or not (route is missing)

A name may hold letters, digits, ``_ . /``; any other name stands in backticks.
Values are labels or codes. Logic is three-valued: a comparison with a missing
answer is unknown, and an unknown respondent is outside of the domain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from surveytool.errors import UsageError

Value = str | float
OPERATORS = ("==", "!=", "<=", ">=", "<", ">")


@dataclass(frozen=True, slots=True)
class Compare:
    """``name operator value``; operator is one of ``OPERATORS``."""

    name: str
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Among:
    """``name in (value, ...)``."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class IsMissing:
    """``name is missing``."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary; unknown stays unknown."""

    part: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]


Condition = Compare | Among | IsMissing | Not | All | Any


def names(condition: Condition) -> Iterator[str]:
    """The variables that a condition asks about, in order, with repeats."""
    if isinstance(condition, (All, Any)):
        for part in condition.parts:
            yield from names(part)
    elif isinstance(condition, Not):
        yield from names(condition.part)
    else:
        yield condition.name


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<quoted>`[^`]+`)
    | (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w./]))
    | (?P<sign>==|!=|<=|>=|<|>|\(|\)|,|=)
    | (?P<name>[^\W\d][\w./]*|\d+[\w./]*[^\W\d][\w./]*|\.[a-zA-Z]\w*)
    )""",
    re.VERBOSE,
)
_EXACT = re.compile(r"[+-]?\d{16,20}")  # identifiers that a float would round
_DEEPEST = 100
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise _bad(text, at, f"cannot read {text[at]!r}")
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match.group(kind), match.start(kind)))
        at = match.end()
    return tokens


def _bad(text: str, at: int, message: str) -> UsageError:
    shown = text if len(text) <= 120 else text[:117] + "..."
    return UsageError(
        f"{message} at character {at + 1} of {shown!r}.",
        where="--where",
        cure="Write for example: sex == 'Female' and age >= 18",
    )


def parse(text: str) -> Condition:
    """The condition that a text states; ``UsageError`` with the place where it cannot be read.

    >>> parse("age >= 18 and sex == 'F'")
    All(parts=(Compare(name='age', operator='>=', value=18.0), Compare(name='sex', operator='==', value='F')))
    """
    if len(text) > _LONGEST:
        raise UsageError(f"the condition is longer than {_LONGEST} characters.", where="--where")
    try:
        reader = _Reader(text, _tokens(text))
        condition = reader.either(0)
        if reader.peek() is not None:
            raise reader.fail("unexpected text")
    except UsageError as error:
        error.cure = as_range(text) or error.cure
        raise
    return condition


def renamed(text: str, name: Callable[[str], str]) -> str:
    """The condition with its variables under other names, those in backticks that could be read as something else.

    >>> renamed("age >= 18 and sex == 'age'", lambda name: f"children.{name}")
    "children.age >= 18 and children.sex == 'age'"
    """
    parts, end = [], 0
    for token in _tokens(text):
        if token.kind not in ("name", "quoted") or token.text.lower() in _WORDS:
            continue
        old = token.text.strip("`")
        new = name(old)
        shown = token.text if new == old else new if _PLAIN.fullmatch(new) else f"`{new}`"
        parts += [text[end : token.at], shown]
        end = token.at + len(token.text)
    return "".join([*parts, text[end:]])


_WORDS = ("and", "or", "not", "in", "is", "missing")
_PLAIN = re.compile(r"[^\W\d][\w./]*")
_NAME, _FIGURE = r"(?P<name>`[^`]+`|[^\W\d][\w./]*)", r"-?\d+(?:\.\d+)?"
_RANGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<low>{_FIGURE})\s*(?P<first><=?)\s*{_NAME}\s*(?P<last><=?)\s*(?P<high>{_FIGURE})",
        rf"(?P<high>{_FIGURE})\s*(?P<last>>=?)\s*{_NAME}\s*(?P<first>>=?)\s*(?P<low>{_FIGURE})",
        rf"{_NAME}\s+(?:is\s+)?(?:between|entre|from|de|desde)\s+(?P<low>{_FIGURE})\s+(?:and|y|et|to|a|à|hasta)\s+(?P<high>{_FIGURE})",
        rf"{_NAME}\s*(?:in|==?|:)\s*[\[(]?\s*(?P<low>{_FIGURE})\s*(?:-|–|to|\.\.+)\s*(?P<high>{_FIGURE})\s*[\])]?",
    )
)


def as_range(text: str) -> str:
    """The cure for a range as other programs and people write it: the condition that means it; empty for none.

    >>> as_range("18 <= age < 30"), as_range("sex == 'F' and age between 18 and 30")
    ('Write: age >= 18 and age < 30', "Write: sex == 'F' and age >= 18 and age <= 30")
    """
    written = text
    for pattern in _RANGES:
        written = pattern.sub(_both_ends, written)
    return f"Write: {written}" if written != text else ""


def _both_ends(match: re.Match[str]) -> str:
    groups = match.groupdict()
    name = groups["name"]
    signs = [(groups.get(end) or "<=")[1:] for end in ("first", "last")]
    return f"{name} >{signs[0]} {groups['low']} and {name} <{signs[1]} {groups['high']}"


class _Reader:
    """Recursive descent over the tokens; ``either`` is the entry."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text, self.tokens, self.place = text, tokens, 0

    def peek(self) -> _Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def fail(self, message: str) -> UsageError:
        token = self.peek()
        if token is None:
            return _bad(self.text, len(self.text), f"{message}: the condition ends too early")
        return _bad(self.text, token.at, f"{message} {token.text!r}")

    def word(self, word: str) -> bool:
        """Take the keyword if it comes next."""
        token = self.peek()
        if token is None or token.kind != "name" or token.text.lower() != word:
            return False
        self.place += 1
        return True

    def sign(self, *signs: str) -> str | None:
        token = self.peek()
        if token is None or token.kind != "sign" or token.text not in signs:
            return None
        self.place += 1
        return token.text

    def either(self, depth: int) -> Condition:
        parts = [self.both(depth)]
        while self.word("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def both(self, depth: int) -> Condition:
        parts = [self.single(depth)]
        while self.word("and"):
            parts.append(self.single(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def single(self, depth: int) -> Condition:
        if depth > _DEEPEST:
            raise self.fail("too many brackets before")
        if self.word("not"):
            return Not(self.single(depth + 1))
        if self.sign("("):
            inner = self.either(depth + 1)
            if not self.sign(")"):
                raise self.fail("a closing bracket is missing before")
            return inner
        return self.comparison()

    def comparison(self) -> Condition:
        name = self.name()
        if self.word("is"):
            negate = self.word("not")
            if not self.word("missing"):
                raise self.fail("after 'is' comes 'missing', not")
            return Not(IsMissing(name)) if negate else IsMissing(name)
        if self.word("in"):
            return Among(name, self.values())
        if self.word("not"):
            if not self.word("in"):
                raise self.fail("after 'not' comes 'in', not")
            return Not(Among(name, self.values()))
        operator = self.sign(*OPERATORS, "=")
        if operator is None:
            raise self.fail(f"a comparison (== != < <= > >= in, is missing) must follow {name!r}, not")
        if operator == "=":
            self.place -= 1
            raise self.fail("equality is written ==, not")
        return Compare(name, operator, self.value())

    def name(self) -> str:
        token = self.peek()
        if token is None or token.kind not in ("name", "quoted"):
            raise self.fail("a variable's name must stand at")
        self.place += 1
        return token.text.strip("`")

    def value(self) -> Value:
        token = self.peek()
        if token is None or token.kind not in ("text", "number", "name"):
            raise self.fail("a value must stand at")
        if token.kind == "name":
            raise self.fail("a text value stands in quotes; write it as '...' instead of")
        self.place += 1
        if token.kind == "number":
            return int(token.text) if _EXACT.fullmatch(token.text) else float(token.text)
        return re.sub(r"\\(.)", r"\1", token.text[1:-1])

    def values(self) -> tuple[Value, ...]:
        if not self.sign("("):
            raise self.fail("after 'in' comes a bracket, not")
        parts = [self.value()]
        while self.sign(","):
            parts.append(self.value())
        if not self.sign(")"):
            raise self.fail("a closing bracket is missing before")
        return tuple(parts)
