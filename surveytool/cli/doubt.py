"""``surveytool doubt``: what coverage the intervals of a table have, by simulation from its own design and data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli.command_source import CommandSource
from surveytool.cli.option_groups import DESIGN, OUTPUT, READING, ROUTES, TABLE, takes
from surveytool.cli.protection_options import GATE
from surveytool.cli.summarize import asked_tables

Draws = Annotated[
    int,
    typer.Option("--draws", metavar="N", rich_help_panel="Simulation", help="Samples drawn anew from the data."),
]
Seed = Annotated[
    int, typer.Option("--seed", metavar="N", rich_help_panel="Simulation", help="The same seed, the same samples.")
]


@takes(TABLE, ROUTES, DESIGN, GATE, OUTPUT, READING)
def doubt(
    source: o.Source,
    given: Mapping[str, Any],
    variables: o.Variables = None,
    by: o.By = None,
    stat: o.Stat = None,
    standardize: o.Standardize = None,
    no_total: o.NoTotal = False,
    draws: Draws = 500,
    seed: Seed = 1,
) -> None:
    """How often intervals like the printed ones hold the truth: samples drawn anew from the data, by their own design.

    The options are those of summarize. Sampling units are drawn with replacement within strata.

    surveytool doubt transit.sav social_media --by sex --weights weight --psu site
    """
    from surveytool.coverage_simulation import simulated
    from surveytool.render.doubts import render_doubts

    way = CommandSource(source, given)
    given, target = way.given, way.target()
    survey, results = asked_tables(way, variables, by, standardize, [stat] if stat else [], total=not no_total)
    given["ledger"].counted(results)
    way.audit([results])
    found = simulated(survey, results, draws=draws, seed=seed)
    target.write(
        render_doubts(
            found, target.format, target.words, width=target.width, colour=target.colour, decimals=given["decimals"]
        )
    )
