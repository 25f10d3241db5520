"""``surveytool codebook``: what the variables of a file or a study are, before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from surveytool.cli import options as o
from surveytool.cli.command_source import CommandSource
from surveytool.cli.option_groups import ENGINE, OUTPUT, READING, takes
from surveytool.cli.protection_options import COUNTS_GATE

if TYPE_CHECKING:
    from surveytool.aggregate.first_look import FirstLook
    from surveytool.survey import Survey

BOOK = {name: option for name, option in OUTPUT.items() if name != "decimals"}


@takes(COUNTS_GATE, BOOK, READING, ENGINE)
def codebook(source: o.Source, given: Mapping[str, Any], variables: o.Variables = None) -> None:
    """Variables, labels, levels, missing kinds and counts of a data file or a study; of numbers a first look.

    Range, mean, quartiles and the shape of the distribution are told of columns that are not personal, and of none
    where small groups are withheld.
    """
    from dataclasses import replace

    from surveytool.disclosure_control.protected_codebook import protected_codebook
    from surveytool.render import render_codebook
    from surveytool.survey import Codebook

    way = CommandSource(source, given)
    target = way.target()
    survey = way.survey(variables or None)
    if way.study is not None and variables:
        survey = replace(survey, codebook=Codebook({name: survey.codebook[name] for name in variables}))
    looks = {} if survey.gate is not None and survey.gate.active else _looks(survey)
    survey = protected_codebook(survey)
    dress: dict[str, Any] = {"width": target.width, "colour": target.colour}
    target.write(render_codebook(survey, target.format, target.words, looks=looks, **dress))


def _looks(survey: Survey) -> Mapping[str, FirstLook]:
    """First looks at the numbers of columns that neither name, reach nor locate anybody."""
    from surveytool.aggregate.first_look import first_looks
    from surveytool.checks.personal_data import personal
    from surveytool.checks.raw_survey import RawSurvey

    return first_looks(survey, lambda held, name: personal(RawSurvey(held), name) is None)
