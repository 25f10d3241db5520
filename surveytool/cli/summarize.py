"""``surveytool summarize``: weighted tables of a data file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from surveytool.cli import options as o
from surveytool.cli.output import Target
from surveytool.cli.shared import DESIGN, OUTPUT, READING, TABLE, design_of, pattern_of, reading_of, takes, target_of
from surveytool.survey import Design, Request


@takes(TABLE, DESIGN, OUTPUT, READING)
def summarize(
    source: o.Source,
    given: Mapping[str, Any],
    variables: o.Variables = None,
    by: o.By = None,
    stat: o.Stat = None,
    standardize: o.Standardize = None,
    no_total: o.NoTotal = False,
) -> None:
    """Weighted tables with intervals: percentages, means, totals, medians and ratios by any breakdown.

    surveytool summarize transit.sav social_media --by sex --by age_group --weights weight
    """
    design, reading = design_of(given), reading_of(given)
    pattern = pattern_of(given, stat=stat, total=not no_total)
    _tables(
        source, design, variables, by or [], pattern, reading, target_of(given, source), given["decimals"], standardize
    )


def _tables(
    source: str, design: Design, variables: list[str] | None, by: list[str], pattern: Request,
    reading: Mapping[str, Any], target: Target, decimals: int | None, standardize: str | None,
) -> None:  # fmt: skip
    """The corridor for one data file."""
    from surveytool.reading import read
    from surveytool.render import ROWS_ONLY, render
    from surveytool.run import requests_for, standard, tabulate, wanted_columns
    from surveytool.table import Report

    extra = [standardize.partition(":")[0].strip()] if standardize else []
    columns = wanted_columns(variables, [*by, *extra], pattern.statistic, pattern.where)
    survey = read(source, design=design, columns=columns, **reading)
    pattern = replace(pattern, standard=standard(survey, standardize))
    requests, notes = requests_for(survey, variables, by, pattern)
    results = tabulate(survey, requests)
    results = replace(results, notes=(*results.notes, *notes))
    if target.format in ROWS_ONLY:
        made = Report(tables=(), results=results)
    else:
        from surveytool.table import report

        made = report(results, target.words, decimals=decimals)
    target.write(render(made, target.format, target.words, width=target.width, colour=target.colour))
