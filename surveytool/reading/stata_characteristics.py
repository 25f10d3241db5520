"""Stata's characteristics: ``svyset``, label languages and notes, which stand in a .dta of format 117 to 119.

Each is a length, the name of a variable (or ``_dta``), a name and a text; names take 33 bytes in format 117 and 129
after it. The library that reads the file gives none of them.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from surveytool.frozen import frozen
from surveytool.notes import note
from surveytool.survey import Codebook, Design, LonelyPsu, Survey, code_text

WHOLE = "_dta"
START, END = b"<characteristics>", b"</characteristics>"
LONELY: Mapping[str, LonelyPsu] = {
    "missing": "fail", "certainty": "certainty", "scaled": "average", "centered": "adjust",
}  # fmt: skip


@frozen
class Characteristic:
    """One of them: the variable that it is of (``_dta`` for the file), its name, its text."""

    variable: str
    name: str
    text: str


@frozen
class Shape:
    """How a file writes them: the sign of its byte order, and the bytes that a name takes."""

    order: str
    width: int


def shape_of(content: bytes) -> Shape | None:
    """The shape of a file of format 117 to 119; None for others."""
    head = re.match(rb"<stata_dta><header><release>(11[789])</release><byteorder>(LSF|MSF)</byteorder>", content)
    if head is None:
        return None
    return Shape(order="<" if head[2] == b"LSF" else ">", width=33 if head[1] == b"117" else 129)


def characteristics(path: Path) -> tuple[Characteristic, ...]:
    """Those of a file; none where it has none, or where they cannot be read."""
    content = path.read_bytes()
    shape = shape_of(content[:200])
    place = content.find(START)
    if shape is None or place < 0:
        return ()
    place += len(START)
    found: list[Characteristic] = []
    while content[place : place + 4] == b"<ch>":
        (length,) = struct.unpack(f"{shape.order}I", content[place + 4 : place + 8])
        whole = content[place + 8 : place + 8 + length]
        if len(whole) < length or length < 2 * shape.width:
            return tuple(found)
        parts = (whole[: shape.width], whole[shape.width : 2 * shape.width], whole[2 * shape.width :])
        variable, name, text = (part.split(b"\0")[0].decode("utf-8", errors="replace") for part in parts)
        found.append(Characteristic(variable=variable, name=name, text=text))
        place += 8 + length + len(b"</ch>")
    return tuple(found)


def design_of(given: Sequence[Characteristic]) -> Design | None:
    """The design that ``svyset`` says; None where there is none.

    >>> design_of([Characteristic(variable="_dta", name="_svy_wvar", text="w")]).weights
    'w'
    """
    whole = {each.name: each.text.strip() for each in given if each.variable == WHOLE}
    stages = range(1, 10)
    psu = [whole.get(f"_svy_su{stage}", "") for stage in stages]
    fpc = [whole.get(f"_svy_fpc{stage}", "") for stage in stages]
    units = tuple(name for name in psu if name and name not in ("_n", "."))
    weights, strata = whole.get("_svy_wvar") or None, whole.get("_svy_strata1") or None
    if not (weights or strata or units):
        return None
    return Design(
        weights=weights, strata=strata, psu=units, fpc=tuple(name for name in fpc if name and name != "."),
        lonely_psu=LONELY.get(whole.get("_svy_singleunit", ""), "fail"),
    )  # fmt: skip


def applied(survey: Survey, path: Path) -> Survey:
    """The survey with the labels of every language of its file, and its ``svyset`` as advice."""
    given = characteristics(path)
    if not given:
        return survey
    book = dict(survey.codebook)
    languages = next((each.text.split() for each in given if each.name == "_lang_list"), [])
    current = next((each.text for each in given if each.name == "_lang_c"), "")
    sets = _label_sets(path) if any(each.name.startswith("_lang_l_") for each in given) else {}
    for name, variable in book.items():
        own = {each.name: each.text for each in given if each.variable == name}
        said = {code: own[f"_lang_v_{code}"] for code in languages if own.get(f"_lang_v_{code}")}
        labels = {code: sets.get(own.get(f"_lang_l_{code}", ""), {}) for code in languages}
        if not said and not any(labels.values()):
            continue
        said |= {current: variable.label} if current and variable.label else {}
        levels = tuple(
            replace(level, labels={**level.labels, **({current: level.label} if current else {}), **{
                code: label[code_text(level.code)] for code, label in labels.items() if code_text(level.code) in label
            }})
            for level in variable.levels
        ) if any(labels.values()) else variable.levels  # fmt: skip
        book[name] = replace(variable, labels={**variable.labels, **said}, levels=levels)
    design = design_of(given)
    notes = survey.notes
    if design is not None and survey.design == Design():
        notes = (*(note for note in notes if note.code != "weights_hint"), note("svyset_hint", options=options(design)))
    return replace(survey, codebook=Codebook(book), notes=notes)


def options(design: Design) -> str:
    """A design as options of the command line."""
    parts = [f"--weights {design.weights}"] if design.weights else []
    parts += [f"--strata {design.strata}"] if design.strata else []
    parts += [f"--psu {name}" for name in design.psu]
    parts += [f"--fpc {name}" for name in design.fpc]
    parts += [f"--lonely-psu {design.lonely_psu}"] if design.lonely_psu != "fail" else []
    return " ".join(parts)


def label_blocks(content: bytes) -> dict[str, bytes]:
    """The blocks of value labels of a file by their names, as they stand."""
    shape = shape_of(content[:200])
    if shape is None:
        return {}
    place = content.rfind(b"<value_labels>") + len(b"<value_labels>")
    found = {}
    while content[place : place + 5] == b"<lbl>":
        (length,) = struct.unpack(f"{shape.order}I", content[place + 5 : place + 9])
        end = place + 9 + shape.width + 3 + length + len(b"</lbl>")
        name = content[place + 9 : place + 9 + shape.width].split(b"\0")[0].decode("utf-8", errors="replace")
        found[name] = content[place:end]
        place = end
    return found


def _label_sets(path: Path) -> dict[str, dict[str, str]]:
    """The value labels of a file by the name of their set, and by code."""
    content = path.read_bytes()
    shape = shape_of(content[:200])
    sets = {}
    for name, block in label_blocks(content).items():
        assert shape is not None
        table = block[9 + shape.width + 3 : -len(b"</lbl>")]
        n, length = struct.unpack(f"{shape.order}ii", table[:8])
        offsets = struct.unpack(f"{shape.order}{n}i", table[8 : 8 + 4 * n])
        codes = struct.unpack(f"{shape.order}{n}i", table[8 + 4 * n : 8 + 8 * n])
        texts = table[8 + 8 * n : 8 + 8 * n + length]
        sets[name] = {
            code_text(float(code)): texts[offset:].split(b"\0")[0].decode("utf-8", errors="replace")
            for code, offset in zip(codes, offsets, strict=True)
        }
    return sets
