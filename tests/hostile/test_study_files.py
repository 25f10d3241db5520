"""Study files made at random: whatever is written, a study or its problems, a line each."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hostile import language
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as draw

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
TABLES = (
    "study",
    "data",
    "design",
    "variables",
    "recodes",
    "routes",
    "tables",
    "charts",
    "claims",
    "sets",
    "protect",
    "output",
)
KEYS = (
    *("path", "title", "weights", "psu", "variable", "by", "where", "level", "label", "kind", "type", "from", "name"),
    *("id", "published", "languages", "missing", "levels", "order", "stops", "replicates", "method", "x", ""),
)
SIMPLE = draw.one_of(
    draw.text(max_size=8),
    draw.booleans(),
    draw.integers(-(10**20), 10**20),
    draw.floats(),
    draw.sampled_from(("sex == 'M'", "sex:age", "bands", "single", "en", "2023-01-01", "*")),
)
VALUES = draw.recursive(
    SIMPLE,
    lambda inner: draw.lists(inner, max_size=3) | draw.dictionaries(draw.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
)


def toml(value: Any) -> str:
    """A value as TOML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)


@QUICK
@given(draw.dictionaries(draw.sampled_from(TABLES), VALUES, max_size=6))
def test_settings_of_any_type_are_told_or_taken(values: dict[str, Any]) -> None:
    text = "".join(f"{name} = {toml(value)}\n" for name, value in values.items())
    with TemporaryDirectory() as folder:
        language.study(text, Path(folder, "study.toml"))


@QUICK
@given(draw.lists(draw.sampled_from(language.STUDY) | draw.text(max_size=6), max_size=14).map("".join))
def test_text_of_any_kind_is_told_or_taken(text: str) -> None:
    with TemporaryDirectory() as folder:
        language.study(text.encode("utf-8", "replace").decode(), Path(folder, "study.toml"))
