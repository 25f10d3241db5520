"""``surveytool model``: regression with design-based inference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli.command_source import CommandSource
from surveytool.cli.option_groups import DESIGN, OUTPUT, READING, ROSTERS, takes
from surveytool.cli.protection_options import GATE
from surveytool.cli.recruitment_options import RECRUITMENT

Formula = Annotated[str, typer.Argument(help="\"smartphone == 'Yes' ~ age + sex\"; a:b crosses, a*b is a + b + a:b.")]
Family = Annotated[
    str | None,
    typer.Option("--family", metavar="FAMILY", rich_help_panel=o.TABLE, show_default=False,
                 help="linear, logistic or poisson. Default: linear for numbers, logistic for categories."),
]  # fmt: skip
NoEffects = Annotated[
    bool, typer.Option("--no-effects", rich_help_panel=o.TABLE, help="Leave the average marginal effects out.")
]


@takes(ROSTERS, DESIGN, RECRUITMENT, GATE, OUTPUT, READING)
def model(
    source: o.Source,
    formula: Formula,
    given: Mapping[str, Any],
    family: Family = None,
    where: o.Where = None,
    level: o.Level = 0.95,
    no_effects: NoEffects = False,
) -> None:
    """Linear, logistic or Poisson regression: the design in every standard error.

    surveytool model transit.sav "smartphone_internet ~ age + sex" --weights weight
    """
    from surveytool.aggregate.where_language import names, parse
    from surveytool.regression import Specification
    from surveytool.regression.formula import parse as read_formula
    from surveytool.render import render
    from surveytool.table import report
    from surveytool.tabulation import regress

    specification = Specification(formula=formula, family=family, where=where, level=level, effects=not no_effects)
    columns = [*read_formula(formula).names(), *(names(parse(where)) if where else [])]
    way = CommandSource(source, given)
    given, target = way.given, way.target()
    survey = way.survey(list(dict.fromkeys(columns)))
    results = regress(survey, specification)
    given["ledger"].counted(results)
    way.audit([results])
    made = report(results, target.words, decimals=given["decimals"])
    target.write(render(made, target.format, target.words, width=target.width, colour=target.colour))
