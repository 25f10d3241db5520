"""``surveytool summarize``: weighted tables of a data file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from surveytool.cli import options as o
from surveytool.cli.output import Target
from surveytool.survey import Design, Request


def summarize(
    source: o.Source,
    variables: o.Variables = None,
    by: o.By = None,
    stat: o.Stat = None,
    where: o.Where = None,
    base: o.BaseOption = "answered",
    ci: o.Ci = None,
    quantile_rule: o.QuantileRule = "math",
    level: o.Level = 0.95,
    no_total: o.NoTotal = False,
    weights: o.Weights = None,
    strata: o.Strata = None,
    psu: o.Psu = None,
    fpc: o.Fpc = None,
    nest: o.Nest = True,
    replicate_weights: o.ReplicateWeights = None,
    replicate_method: o.ReplicateMethodOption = None,
    fay_rho: o.FayRho = 0.0,
    replicate_scale: o.ReplicateScale = None,
    replicate_mse: o.ReplicateMse = None,
    replicate_factors: o.ReplicateFactors = False,
    df: o.Df = None,
    lonely_psu: o.Lonely = "fail",
    sample: o.SampleOption = "probability",
    format: o.Format = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
    lang: o.Lang = "en",
    decimals: o.Decimals = None,
    encoding: o.Encoding = None,
    sheet: o.Sheet = None,
    kind: o.KindOption = None,
) -> None:
    """Weighted tables with intervals: percentages, means, totals and ratios by any breakdown.

    surveytool summarize transit.sav social_media --by sex --by age_group --weights weight
    """
    replicates = o.replicates(
        replicate_weights, replicate_method, fay_rho=fay_rho, scale=replicate_scale, mse=replicate_mse,
        factors=replicate_factors,
    )  # fmt: skip
    design = o.design(
        weights=weights, strata=strata, psu=psu, fpc=fpc, nest=nest, replicates=replicates,
        lonely_psu=lonely_psu, sample=sample, df=df,
    )  # fmt: skip
    pattern = Request(
        variable="",
        statistic=stat,
        where=where,
        base=o.base(base),
        interval=ci,
        quantile_rule=quantile_rule,
        level=level,
        total=not no_total,
    )
    reading = {"encoding": encoding, "sheet": sheet, "kinds": o.kinds(kind) or None}
    target = Target(format, output, overwrite, lang, source)
    target.check()
    _tables(source, design, variables, by or [], pattern, reading, target, decimals)


def _tables(
    source: str, design: Design, variables: list[str] | None, by: list[str], pattern: Request,
    reading: Mapping[str, Any], target: Target, decimals: int | None,
) -> None:  # fmt: skip
    """The corridor for one data file."""
    from surveytool.reading import read
    from surveytool.render import ROWS_ONLY, render
    from surveytool.run import requests_for, tabulate, wanted_columns
    from surveytool.table import Report

    columns = wanted_columns(variables, by, pattern.statistic, pattern.where)
    survey = read(source, design=design, columns=columns, **reading)
    requests, notes = requests_for(survey, variables, by, pattern)
    results = tabulate(survey, requests)
    results = replace(results, notes=(*results.notes, *notes))
    if target.format in ROWS_ONLY:
        made = Report(tables=(), results=results)
    else:
        from surveytool.table import report

        made = report(results, target.words, decimals=decimals)
    target.write(render(made, target.format, target.words, width=target.width, colour=target.colour))
