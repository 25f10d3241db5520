"""The pages of a name, from the glossary, the sentences, the schema and the methods."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from surveytool.explanations.page import Page
from surveytool.shipped import content
from surveytool.text import Words

ERRORS = (
    "usage",
    "unknown-variable",
    "unreadable-data",
    "unusable-design",
    "internal-error",
    "interrupted",
    "not-reproduced",
)
PROGRAMS = ("R", "Stata", "SPSS")


def plain(name: str) -> str:
    """A name as it is looked up: no dashes before it, one case, spaces and underscores alike.

    >>> plain("--Lonely-PSU") == plain("lonely_psu")
    True
    """
    return re.sub(r"[\s_-]+", "-", name.strip().strip("`[]").lstrip("-").lower())


def pages(name: str, said: Words) -> tuple[Page, ...]:
    """Every page of a name: a word may be a term, a setting and a note at once. Empty where there is none."""
    asked = plain(name)
    told: dict[tuple[str, tuple[str, ...]], Page] = {}
    for page in _all(said):
        if plain(page.name) == asked:
            told.setdefault((page.kind, page.lines), page)
    return tuple(told.values())


def page_names(said: Words) -> tuple[str, ...]:
    """All names that have a page, sorted, each once."""
    return tuple(sorted({page.name for page in _all(said)}))


def _all(said: Words) -> Iterator[Page]:
    yield from _terms(said)
    yield from _methods()
    yield from _schemes()
    yield from _settings(said)
    yield from _errors(said)
    yield from _notes(said)


def _terms(said: Words) -> Iterator[Page]:
    """A row of the glossary is a page of each of the words that it begins with."""
    for line in content("glossary.md").splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if len(cells) != 2 + len(PROGRAMS) or cells[0] in ("ours", "---"):
            continue
        beside = [f"{program}: {word}" for program, word in zip(PROGRAMS, cells[2:], strict=True)]
        lines = tuple(text.replace("`", "").replace(r"\|", "|") for text in (f"{cells[0]}: {cells[1]}.", *beside))
        for term in re.split(r",|\(|\)|;", cells[0]):
            word = term.strip().strip("`").lstrip("-").strip()
            if word:
                yield Page(name=word, kind=said.word("page_term"), lines=lines)


def _methods() -> Iterator[Page]:
    """The first paragraph of a method's docstring: intervals."""
    from surveytool.estimate.interval import INTERVALS

    for name, method in INTERVALS.items():
        told = (method.__doc__ or "").strip().split("\n\n")[0]
        yield Page(name=name, kind="--ci", lines=(" ".join(told.split()),))


def _schemes() -> Iterator[Page]:
    """The rules of a scheme of reliability, in order, and where they are from."""
    from surveytool.disclosure_control.reliability_scheme import SCHEMES, scheme

    for name in SCHEMES[1:]:
        given = scheme(name)
        rules = tuple(
            f"{rule.action}: " + " and ".join(f"{one.measure} {one.operator} {one.number:g}" for one in rule.conditions)
            for rule in given.rules
        )
        yield Page(name=name, kind="--quality", lines=(f"{given.source}. Of: {', '.join(given.statistics)}.", *rules))


def _settings(said: Words) -> Iterator[Page]:
    """Settings of a study file, of its sections and of the entries of its lists."""
    schema = json.loads(content("study.schema.json"))
    for part, shape in schema["properties"].items():
        section = f"[{part}]" if shape.get("type") == "array" else part
        for definition in _named(shape):
            inside = schema["$defs"][definition]
            told = " ".join(inside.get("description", "").replace("`", "").split())
            yield Page(name=part, kind=said.word("page_setting"), lines=(f"[{section}] {told}",))
            for setting, values in inside.get("properties", {}).items():
                lines = [f"[{section}] {setting} = {_kind(values)}"]
                if values.get("default") not in (None, [], {}):
                    lines.append(said.fill("page_default", value=json.dumps(values["default"], ensure_ascii=False)))
                if values.get("description"):
                    lines.append(" ".join(values["description"].replace("`", "").split()))
                for name in (setting, f"{part}.{setting}"):
                    yield Page(name=name, kind=said.word("page_setting"), lines=tuple(lines))


def _named(shape: Any) -> Iterator[str]:
    """The definitions that a part of the schema refers to."""
    if isinstance(shape, Mapping):
        if "$ref" in shape:
            yield str(shape["$ref"]).rpartition("/")[2]
        for part in shape.values():
            yield from _named(part)
    elif isinstance(shape, list):
        for part in shape:
            yield from _named(part)


def _kind(values: Mapping[str, Any]) -> str:
    """The kinds of value that a setting takes, in the words of TOML."""
    if "enum" in values:
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in values["enum"])
    if "const" in values:
        return json.dumps(values["const"])
    if "anyOf" in values:
        kinds = [_kind(part) for part in values["anyOf"] if part.get("type") != "null"]
        return " | ".join(dict.fromkeys(kinds))
    if values.get("type") == "array":
        return f"[{_kind(values.get('items', {})) or '...'}, ...]"
    words = {"string": '"text"', "number": "number", "integer": "whole number", "boolean": "true | false"}
    return words.get(str(values.get("type")), "table")


def _errors(said: Words) -> Iterator[Page]:
    for name in ERRORS:
        yield Page(name=name, kind=said.word("page_error"), lines=(said.word(f"page_error_{name}"),))


def _notes(said: Words) -> Iterator[Page]:
    """The sentences of a note; values stand as an ellipsis."""
    for code, template in said.sentences.items():
        lines = tuple(dict.fromkeys(re.sub(r"\{[^{}]*\}", "…", text) for text in _texts(template)))
        yield Page(name=code, kind=said.word("page_note"), lines=lines)


def _texts(template: Any) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, Mapping):
        for part in template.values():
            yield from _texts(part)
