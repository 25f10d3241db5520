"""``surveytool summarize``: weighted tables of a data file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from surveytool.cli import options as o
from surveytool.cli.shared import DESIGN, OUTPUT, READING, TABLE, design_of, pattern_of, reading_of, takes, target_of
from surveytool.errors import UsageError

EXPLAINED = ("terminal", "markdown", "json")


@takes(TABLE, DESIGN, OUTPUT, READING)
def summarize(
    source: o.Source,
    given: Mapping[str, Any],
    variables: o.Variables = None,
    by: o.By = None,
    stat: o.Stat = None,
    standardize: o.Standardize = None,
    no_total: o.NoTotal = False,
    explain: o.Explain = False,
) -> None:
    """Weighted tables with intervals: percentages, means, totals, medians and ratios by any breakdown.

    surveytool summarize transit.sav social_media --by sex --by age_group --weights weight
    """
    from surveytool.explain import explain as explained
    from surveytool.reading import read
    from surveytool.render import ROWS_ONLY, render
    from surveytool.run import requests_for, standard, tabulate, wanted_columns
    from surveytool.table import Report

    design, pattern, target = (
        design_of(given),
        pattern_of(given, stat=stat, total=not no_total),
        target_of(given, source),
    )
    if explain and target.format not in EXPLAINED:
        raise UsageError("needs the format terminal, markdown or json.", "--explain")
    extra = [standardize.partition(":")[0].strip()] if standardize else []
    columns = wanted_columns(variables, [*(by or []), *extra], stat, pattern.where)
    survey = read(source, design=design, columns=columns, stream=True, **reading_of(given))
    pattern = replace(pattern, standard=standard(survey, standardize))
    requests, notes = requests_for(survey, variables, by or [], pattern)
    results = tabulate(survey, requests)
    results = replace(results, notes=(*results.notes, *notes))
    if target.format in ROWS_ONLY:
        made = Report(tables=(), results=results)
    else:
        from surveytool.table import report

        made = report(results, target.words, decimals=given["decimals"])
    if explain:
        made = replace(made, explanations=explained(results, survey.codebook, target.words))
    target.write(render(made, target.format, target.words, width=target.width, colour=target.colour))
