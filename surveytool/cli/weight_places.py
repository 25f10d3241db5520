"""``surveytool weight --counts``: weights of people met at places and times, from a registry of counts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.cli import screen
from surveytool.cli.command_source import typed
from surveytool.cli.convert import refuse_identifiers
from surveytool.cli.option_groups import open_whole
from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.cli.weight_steps import Target

NAME = "place_weight"


def run(
    source: str, given: Mapping[str, Any], counts: Path, crossings: str | None, target: Target, name: str | None
) -> None:  # fmt: skip
    """Make the weights, write the file with its new columns, and tell how to use them. Raises ``UsageError``."""
    from surveytool.output_files import write
    from surveytool.reading import sidecar
    from surveytool.text import words
    from surveytool.weighting.place_survey import SESSION, STRATUM, make_place_weights, with_place_weights
    from surveytool.writing import save
    from surveytool.writing.sheet import sheet_of

    if target.output is None:
        raise UsageError("no file is named to write.", "-o", "Write for example -o weighted.sav")
    survey, study = open_whole(source, {**given, "lang": target.lang if typed("lang") else None}, None)
    made = make_place_weights(survey, counts, crossings)
    column = name or NAME
    laid = sheet_of(with_place_weights(survey, made, column))
    if not target.with_identifiers:
        refuse_identifiers(survey, laid, "first: surveytool convert IN OUT {drops}")
    saved = save(laid, target.output)
    write(target.output, saved.content, overwrite=target.overwrite)
    if saved.codebook is not None:
        write(sidecar.place(target.output), saved.codebook, overwrite=target.overwrite)
    said = words(study.language if study is not None and not typed("lang") else target.lang)
    number, weights = said.number, made.weights
    deff = len(weights) * float((weights**2).sum()) / float(weights.sum()) ** 2
    screen.remark(said.fill(
        "places_made", path=target.output, name=column, n=len(weights), total=number(float(weights.sum()), 1),
        crossings=number(made.crossings, 1), taken=made.taken, listed=made.listed, deff=number(deff, 3),
    ))  # fmt: skip
    for each in (*made.notes, *saved.notes):
        screen.remark(said.say(each))
    options = f"-w {column} --strata {STRATUM} --psu {SESSION} --sample time-location"
    screen.remark(said.fill("places_use", options=options))
