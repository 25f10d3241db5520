"""``surveytool codebook``: what the variables of a file or a study are, before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveytool.cli import options as o
from surveytool.cli.command_source import CommandSource
from surveytool.cli.option_groups import ENGINE, OUTPUT, READING, takes
from surveytool.cli.protection_options import COUNTS_GATE

BOOK = {name: option for name, option in OUTPUT.items() if name != "decimals"}


@takes(COUNTS_GATE, BOOK, READING, ENGINE)
def codebook(source: o.Source, given: Mapping[str, Any], variables: o.Variables = None) -> None:
    """Variables, labels, levels, missing kinds and counts of a data file or a study."""
    from dataclasses import replace

    from surveytool.disclosure_control.protected_codebook import protected_codebook
    from surveytool.render import render_codebook
    from surveytool.survey import Codebook

    way = CommandSource(source, given)
    target = way.target()
    survey = way.survey(variables or None)
    if way.study is not None and variables:
        survey = replace(survey, codebook=Codebook({name: survey.codebook[name] for name in variables}))
    survey = protected_codebook(survey)
    target.write(render_codebook(survey, target.format, target.words, width=target.width, colour=target.colour))
