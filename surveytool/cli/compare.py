"""``surveytool compare``: tests and differences between groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli.command_source import CommandSource
from surveytool.cli.option_groups import (
    DESIGN,
    ENGINE,
    ORDER,
    OUTPUT,
    READING,
    ROSTERS,
    ROUTES,
    SHAPE,
    TABLE,
    pattern_of,
    takes,
)
from surveytool.cli.protection_options import GATE
from surveytool.cli.recruitment_options import RECRUITMENT, ChangeOption
from surveytool.cli.summarize import layout_of
from surveytool.errors import UsageError
from surveytool.survey.setting import choice

TestOption = Annotated[
    list[str] | None,
    typer.Option("--test", metavar="TEST", rich_help_panel=o.TABLE, show_default=False,
                 help="rao-scott-f, rao-scott-chisq, wald, adjusted-wald, t, rank, trend, difference, ratio; "
                 "repeat it. Default: rao-scott-f (categories) or t and wald (means), and difference."),
]  # fmt: skip
Adjust = Annotated[
    str,
    typer.Option("--adjust", metavar="METHOD", rich_help_panel=o.TABLE,
                 help="p values of all pairs: holm, bonferroni or none."),
]  # fmt: skip


LAYOUT = {"layout": SHAPE["layout"]}


@takes(TABLE, ORDER, LAYOUT, ROUTES, ROSTERS, DESIGN, RECRUITMENT, GATE, OUTPUT, READING, ENGINE)
def compare(
    source: o.Source,
    given: Mapping[str, Any],
    variables: o.Variables = None,
    by: o.By = None,
    stat: o.Stat = None,
    test: TestOption = None,
    adjust: Adjust = "holm",
    no_total: o.NoTotal = False,
    change: ChangeOption = None,
    bars: o.BarsOption = None,
) -> None:
    """Do groups differ? Design-based tests, and differences of all pairs with intervals.

    surveytool compare transit.sav social_media --by sex --weights weight
    """
    from surveytool.disclosure_audit import audited
    from surveytool.estimate.contrast import ADJUSTMENTS
    from surveytool.estimate.group_tests import TESTS, Comparison
    from surveytool.render import render
    from surveytool.request_text import requests_for, wanted_columns
    from surveytool.table import report
    from surveytool.tabulation import change_of
    from surveytool.tabulation import compare as compared

    if not by:
        raise UsageError("a comparison needs groups.", "--by", "Write for example --by sex")
    if not variables:
        raise UsageError("name the variable to compare.", cure="surveytool compare FILE VARIABLE --by sex")
    names = tuple(choice(each, TESTS, "--test") for each in test) if test else None
    comparison = Comparison(tests=names, adjust=choice(adjust, ADJUSTMENTS, "--adjust"))
    way = CommandSource(source, given)
    given, target = way.given, way.target()
    pattern = pattern_of(given, stat=stat, total=not no_total)
    columns = wanted_columns(variables, by, stat, pattern.where)
    survey = way.survey(columns)
    requests, _ = requests_for(survey, variables, by, pattern)
    comparison = replace(comparison, **change_of(survey, requests, change))
    results = audited(survey, compared(survey, requests, comparison), target.words)
    given["ledger"].counted(results)
    made = report(results, target.words, decimals=given["decimals"], layout=layout_of(given))
    target.write(render(made, target.format, target.words, width=target.width, colour=target.colour, bars=bars))
