"""Labels from a file of their own: SPSS syntax (.sps), Triple-S, DDI codebooks, and our codebook as json or csv.

Names, labels, labels of codes and codes that are no answers; they are put on the columns that have these names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, get_args

from surveytool.errors import UnreadableData
from surveytool.frozen import frozen
from surveytool.notes import note
from surveytool.reading.loaded import Loaded, Meta
from surveytool.survey import Code, Missing

SUFFIXES = (".sps", ".sss", ".xml", ".json", ".csv")
_STRING = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
_COMMAND = re.compile(r"\s*(variable\s+labels?|(?:add\s+)?value\s+labels?|missing\s+values?)\b", re.IGNORECASE)
_PIECE = re.compile(rf"{_STRING}|/|[^\s/'\"]+")


@frozen
class Labelled:
    """What a file says of one variable: its label, labels of codes as they are written, and why codes are missing."""

    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, Missing] = field(default_factory=dict)


@frozen
class LabelFile:
    """A step of reading: the labels of a file put on the columns that they name."""

    path: str
    variables: Mapping[str, Labelled]

    def __call__(self, loaded: Loaded) -> Loaded:
        """The content with these labels, and how many of their names it has. Raises ``UnreadableData`` for none."""
        metas = dict(loaded.meta)
        lower = {name.lower(): name for name in loaded.table.column_names}
        met = {name: lower[key] for name in self.variables if (key := name.lower()) in lower}
        known = {name.lower() for name in loaded.names}
        if not any(name.lower() in known for name in self.variables):
            why = f"none of its {len(self.variables)} names is a column of the data."
            raise UnreadableData(why, self.path, "Name the codebook of these data.")
        for name, column in met.items():
            metas[column] = _meta(self.variables[name], metas.get(column, Meta()), loaded.table.column(column))
        told = note("label_file", file=Path(self.path).name, n=sum(name.lower() in known for name in self.variables),
                    total=len(self.variables))  # fmt: skip
        return replace(loaded, meta=metas, notes=(*loaded.notes, told))


def _meta(said: Labelled, old: Meta, column: Any) -> Meta:
    """What was known of a column, with a file's labels over it; codes are numbers where the column is."""
    numeric = _numeric(column)
    labels = {_code(code, numeric): label for code, label in said.labels.items()}
    reasons = {_code(code, numeric): why for code, why in said.missing.items()}
    return replace(
        old, label=said.label or old.label, labels={**old.labels, **labels},
        missing=tuple(dict.fromkeys((*old.missing, *reasons))), reasons={**old.reasons, **reasons},
    )  # fmt: skip


def _numeric(column: Any) -> bool:
    import pyarrow.types as types

    kind = column.type
    return bool(types.is_floating(kind) or types.is_integer(kind))


def _code(code: str, numeric: bool) -> Code:
    try:
        return float(code) if numeric else code
    except ValueError:
        return code


def read_labels(path: Path) -> LabelFile:
    """The labels of a file. Raises ``UnreadableData`` for one that holds none."""
    from surveytool.reading.file_source import check

    check(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UnreadableData(f"a codebook is no {suffix or 'file without a suffix'}.", str(path),
                             f"Known: {', '.join(SUFFIXES)}")  # fmt: skip
    content = path.read_bytes()
    try:
        if suffix == ".json":
            variables = _ours(json.loads(content))
        elif suffix == ".csv":
            variables = _table(content)
        elif suffix == ".sps":
            variables = syntax(_text(content))
        else:
            variables = _markup(content)
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError):
        raise UnreadableData("cannot be read as a codebook.", str(path), "Export it again.") from None
    if not variables:
        raise UnreadableData("holds no labels.", str(path), "Name an SPSS syntax, Triple-S, DDI or our own codebook.")
    return LabelFile(path=str(path), variables=variables)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _ours(book: Any) -> dict[str, Labelled]:
    """Our codebook: that of ``codebook --format json``, or the one beside a data file."""
    found = {}
    for each in book["variables"]:
        levels = each.get("levels") or ()
        found[str(each["name"])] = Labelled(
            label=str(each.get("label") or ""),
            labels={_plain(level["code"]): str(level["label"]) for level in levels},
            missing={_plain(level["code"]): level["missing"] for level in levels
                     if level.get("missing") in get_args(Missing)},
        )  # fmt: skip
    return found


def _plain(code: Any) -> str:
    from surveytool.survey import code_text

    return code_text(code) if isinstance(code, (int, float)) else str(code)


def _table(content: bytes) -> dict[str, Labelled]:
    """Our codebook as csv: variable, label, code, level_label, missing."""
    import csv
    import io

    found: dict[str, Labelled] = {}
    for row in csv.DictReader(io.StringIO(_text(content))):
        old = found.get(row["variable"], Labelled(label=row.get("label") or ""))
        code, label, why = row.get("code") or "", row.get("level_label") or "", row.get("missing") or ""
        labels = {**old.labels, code: label} if code and label else old.labels
        kind = next((kind for kind in get_args(Missing) if kind == why), None)
        missing = {**old.missing, code: kind} if code and kind is not None else old.missing
        found[row["variable"]] = replace(old, labels=labels, missing=missing)
    return found


def syntax(text: str) -> dict[str, Labelled]:
    """``VARIABLE LABELS``, ``VALUE LABELS`` and ``MISSING VALUES`` of SPSS syntax.

    >>> syntax("VALUE LABELS sex 1 'Man' 2 'Woman'.")["sex"].labels
    {'1': 'Man', '2': 'Woman'}
    """
    found: dict[str, Labelled] = {}
    for command in re.split(r"\.\s*(?:\r?\n|$)", text):
        head = _COMMAND.match(command)
        if head is None:
            continue
        kind, rest = head[1].lower(), command[head.end() :]
        if kind.startswith("missing"):
            for names, codes in re.findall(r"([^()]+)\(([^()]*)\)", rest):
                listed = [_unquoted(code) for code in re.findall(rf"{_STRING}|[^\s,]+", codes)]
                for name in names.replace("/", " ").split():
                    old = found.get(name, Labelled())
                    found[name] = replace(old, missing={**old.missing, **dict.fromkeys(listed, "user")})
        elif kind.startswith("variable"):
            pieces = [piece for piece in _PIECE.findall(rest) if piece != "/"]
            for name, label in zip(pieces[::2], pieces[1::2], strict=False):
                found[name] = replace(found.get(name, Labelled()), label=_unquoted(label))
        else:
            _values(rest, found)
    return found


def _values(rest: str, found: dict[str, Labelled]) -> None:
    """The names and code-label pairs of VALUE LABELS, group by group."""
    groups: list[list[str]] = [[]]
    for piece in _PIECE.findall(rest):
        groups = [*groups, []] if piece == "/" else [*groups[:-1], [*groups[-1], piece]]
    for group in groups:
        first = next((index for index in range(1, len(group)) if group[index][0] in "'\""), None)
        if first is None:
            continue
        start = first - 1 if group[first - 1][0] not in "'\"" else first
        if len(group) > first + 1 and group[first + 1][0] in "'\"":  # codes are texts in quotes
            start = first
        names, pairs = group[:start], group[start:]
        labels = {_unquoted(code): _unquoted(label) for code, label in zip(pairs[::2], pairs[1::2], strict=False)}
        for name in names:
            old = found.get(name, Labelled())
            found[name] = replace(old, labels={**old.labels, **labels})


def _unquoted(piece: str) -> str:
    if piece[:1] in ("'", '"') and piece[-1:] == piece[:1]:
        return piece[1:-1].replace(piece[0] * 2, piece[0])
    return piece


def _markup(content: bytes) -> dict[str, Labelled]:
    """Triple-S or a DDI codebook; entities and outside files are not followed."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError from error
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return _triple_s(root) if root.tag == "sss" else _ddi(root)


def _triple_s(root: Any) -> dict[str, Labelled]:
    found = {}
    for variable in root.iter("variable"):
        labels = {value.get("code"): _said(value) for value in variable.iter("value") if value.get("code")}
        found[_child(variable, "name") or str(variable.get("ident"))] = Labelled(
            label=_child(variable, "label"), labels=labels
        )  # fmt: skip
    return found


def _ddi(root: Any) -> dict[str, Labelled]:
    found = {}
    for variable in root.iter("var"):
        labels: dict[str, str] = {}
        missing: dict[str, Missing] = {}
        for value in variable.iter("catgry"):
            code = _child(value, "catValu")
            labels |= {code: _child(value, "labl")} if _child(value, "labl") else {}
            missing |= {code: "user"} if value.get("missing") == "Y" else {}
        found[str(variable.get("name"))] = Labelled(label=_child(variable, "labl"), labels=labels, missing=missing)
    return found


def _child(element: Any, name: str) -> str:
    child = element.find(name)
    return "" if child is None else _said(child)


def _said(element: Any) -> str:
    """The text of an element, that of its first language where it has several."""
    texts = list(element.iter("text"))
    whole = texts[0] if texts else element
    return " ".join("".join(whole.itertext()).split())
