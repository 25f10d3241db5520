"""The language of ``--where`` under fire: whatever is written, a condition or one error that says where."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as draw

import surveytool as st
from surveytool.aggregate.where_language import (
    OPERATORS,
    All,
    Among,
    Any,
    Compare,
    Condition,
    IsMissing,
    Not,
    names,
    parse,
)
from surveytool.errors import SurveytoolError, UsageError

QUICK = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
WORDS = (
    *("and", "or", "not", "in", "is", "missing", "sex", "age", "a.b", "x/y", "`a b`", "`", "'", '"', "\\"),
    *(*OPERATORS, "(", ")", ",", "=", "'M'", '"M"', "1", "-1.5e3", "1e999", ".a", "007", "nan", "inf", "None"),
    *(" ", "\t", "\n", "\0", "é"),
)
PLAIN = draw.text("abcXYZ_éñ", min_size=1, max_size=6).filter(
    lambda text: text.lower() not in ("and", "or", "not", "in", "is", "missing")
)
NAMES = draw.one_of(PLAIN, draw.text("ab .'\"()=<>-/", min_size=1, max_size=8).map(lambda text: f"x{text}y"))
VALUES = draw.one_of(
    draw.text(max_size=12), draw.floats(allow_nan=False, allow_infinity=False), draw.integers(-(10**17), 10**17)
)


def conditions() -> draw.SearchStrategy[Condition]:
    """Conditions of every kind, nested."""
    leaves = draw.one_of(
        draw.builds(Compare, NAMES, draw.sampled_from(OPERATORS), VALUES),
        draw.builds(Among, NAMES, draw.lists(VALUES, min_size=1, max_size=4).map(tuple)),
        draw.builds(IsMissing, NAMES),
    )
    several = draw.lists(leaves, min_size=2, max_size=3).map(tuple)
    return draw.recursive(
        leaves,
        lambda inner: draw.one_of(
            draw.builds(Not, inner),
            draw.builds(All, draw.lists(inner, min_size=2, max_size=3).map(tuple) | several),
            draw.builds(Any, draw.lists(inner, min_size=2, max_size=3).map(tuple) | several),
        ),
        max_leaves=8,
    )


def written(condition: Condition) -> str:
    """A condition as a person would write it, with brackets around every part."""
    match condition:
        case Compare(name, operator, value):
            return f"{_name(name)} {operator} {_value(value)}"
        case Among(name, values):
            return f"{_name(name)} in ({', '.join(map(_value, values))})"
        case IsMissing(name):
            return f"{_name(name)} is missing"
        case Not(part):
            return f"not ({written(part)})"
        case All(parts):
            return " and ".join(f"({written(part)})" for part in parts)
        case Any(parts):
            return " or ".join(f"({written(part)})" for part in parts)


def _name(name: str) -> str:
    return f"`{name}`"


def _value(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return repr(value)


@QUICK
@given(conditions())
def test_what_is_written_is_what_is_read(condition: Condition) -> None:
    assert parse(written(condition)) == condition
    assert set(names(parse(written(condition)))) == set(names(condition))


@QUICK
@given(draw.one_of(draw.text(max_size=80), draw.lists(draw.sampled_from(WORDS), max_size=25).map(" ".join)))
@example("(" * 150)
@example("not " * 150 + "a == 1")
@example("`" * 31)
@example("a in (" + "1," * 3000)
def test_any_text_is_a_condition_or_one_error(text: str) -> None:
    try:
        parse(text)
    except UsageError as error:
        assert str(error).startswith("--where: ")
        assert "\n" not in str(error)
        assert len(str(error)) < 1200
        assert error.exit_status == 2


@settings(QUICK, max_examples=150)
@given(draw.lists(draw.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join) | conditions().map(written))
def test_any_condition_is_answered_or_refused(text: str) -> None:
    import pyarrow as pa

    table = pa.table({"sex": ["M", "F", None, "M"] * 3, "age": [1.5, 2.0, None, 40.0] * 3, "a.b": [1, 2, 1, 2] * 3})
    try:
        rows = st.summarize(table, "sex", where=text).rows
    except SurveytoolError as error:
        assert "\n" not in str(error)
    else:
        assert all(0 <= row.n <= 12 for row in rows)


def test_atheris_finds_nothing_in_a_fixed_number_of_runs() -> None:
    pytest.importorskip("atheris", reason="atheris is optional: pip install atheris")
    for target in ("condition", "study"):
        script = Path(__file__).with_name("fuzz_language.py")
        done = subprocess.run(
            [sys.executable, str(script), target, "-runs=3000", "-seed=7", "-max_len=400", "-verbosity=0"],
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
