"""Characteristics put into a Stata file, which the library that writes it cannot do: ``svyset``, languages, notes."""

from __future__ import annotations

import struct
from collections.abc import Container, Sequence
from pathlib import Path

from surveytool.reading.stata_characteristics import (
    END,
    START,
    WHOLE,
    Characteristic,
    characteristics,
    label_blocks,
    shape_of,
)
from surveytool.survey import Design

MAP = b"<map>"
PLACES = 14  # offsets in the map of a file; those of the data and what follows come after the characteristics
AFTER_CHARACTERISTICS, AFTER_LABELS = 9, 12
STATA_LONELY = {"fail": "missing", "certainty": "certainty", "average": "scaled", "adjust": "centered"}


def kept_from(source: Path, names: Container[str]) -> tuple[Characteristic, ...]:
    """The characteristics of a Stata file about the file and the variables that are written."""
    kept = []
    for each in characteristics(source):
        columns = each.name.startswith(("_svy_wvar", "_svy_su", "_svy_strata", "_svy_fpc"))
        there = each.text.strip() in names if columns and each.text.strip() not in ("_n", ".") else True
        if there and (each.variable == WHOLE or each.variable in names):
            kept.append(each)
    return tuple(kept)


def svyset_of(design: Design, names: Container[str]) -> tuple[Characteristic, ...]:
    """A design as ``svyset`` keeps it; nothing where a column of it is not written."""
    if design == Design() or any(name not in names for name in design.columns()):
        return ()
    told = {"_svy_version": "2", "_svy_stages": str(max(len(design.psu), 1)), "_svy_vce": "linearized"}
    told |= {"_svy_singleunit": STATA_LONELY.get(design.lonely_psu, "missing")}
    if design.weights is not None:
        told |= {"_svy_wtype": "pweight", "_svy_wvar": design.weights, "_svy_wexp": f"= {design.weights}"}
    told |= {f"_svy_su{stage}": name for stage, name in enumerate(design.psu or ("_n",), start=1)}
    told |= {"_svy_strata1": design.strata} if design.strata is not None else {}
    told |= {f"_svy_fpc{stage}": name for stage, name in enumerate(design.fpc, start=1)}
    return tuple(Characteristic(variable=WHOLE, name=name, text=text) for name, text in told.items())


def with_characteristics(content: bytes, given: Sequence[Characteristic], source: Path | None = None) -> bytes:
    """A Stata file's bytes with characteristics in it, and the value labels of other languages of its source."""
    shape = shape_of(content[:200])
    start, end = content.find(START), content.find(END)
    if shape is None or not given or start < 0 or end < 0:
        return content
    made = b"".join(_written(each, shape.order, shape.width) for each in given)
    first = content[: start + len(START)] + made + content[end:]
    moved = len(made) - (end - start - len(START))
    blocks = _other_languages(content, given, source)
    place = first.rfind(b"</value_labels>")
    whole = first[:place] + blocks + first[place:]
    return _mapped(whole, shape.order, moved, len(blocks))


def _written(each: Characteristic, order: str, width: int) -> bytes:
    text = each.text.encode("utf-8") + b"\0"
    names = b"".join(name.encode("utf-8")[: width - 1].ljust(width, b"\0") for name in (each.variable, each.name))
    return b"<ch>" + struct.pack(f"{order}I", len(names) + len(text)) + names + text + b"</ch>"


def _other_languages(content: bytes, given: Sequence[Characteristic], source: Path | None) -> bytes:
    """The blocks of value labels that characteristics name and the file does not have, where both are of one shape."""
    if source is None:
        return b""
    old = source.read_bytes()
    if shape_of(old[:200]) != shape_of(content[:200]):
        return b""
    ours, theirs = label_blocks(content), label_blocks(old)
    named = dict.fromkeys(each.text for each in given if each.name.startswith("_lang_l_"))
    return b"".join(theirs[name] for name in named if name in theirs and name not in ours)


def _mapped(content: bytes, order: str, moved: int, more: int) -> bytes:
    """The file with its map of places as they are now."""
    place = content.index(MAP) + len(MAP)
    offsets = list(struct.unpack(f"{order}{PLACES}Q", content[place : place + 8 * PLACES]))
    for number in range(AFTER_CHARACTERISTICS, PLACES):
        offsets[number] += moved + (more if number >= AFTER_LABELS else 0)
    return content[:place] + struct.pack(f"{order}{PLACES}Q", *offsets) + content[place + 8 * PLACES :]
