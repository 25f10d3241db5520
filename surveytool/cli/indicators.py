"""``surveytool indicators``: the indicators that a study may use, and what each is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from surveytool.cli.option_groups import OUTPUT, takes

IDS = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Indicators to explain; all are listed.")]
LISTED = {name: option for name, option in OUTPUT.items() if name != "decimals"}


@takes(LISTED)
def indicators(given: Mapping[str, Any], ids: IDS = None) -> None:
    """Indicators made of answers (food consumption, disability ...): all of them, or items, formula and cut points."""
    from surveytool.cli.option_groups import target_of
    from surveytool.indicator_library import INDICATORS, indicator
    from surveytool.render.indicators import render_indicators

    target = target_of(given, "")
    chosen = [indicator(each) for each in ids or INDICATORS]
    target.write(render_indicators(chosen, target.format, target.words, width=target.width, colour=target.colour))
