"""Weights of people met at places and times, from Python: ``surveytool weight --counts`` as one call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from surveytool.study import Study, load_study, open_study
from surveytool.survey import Survey
from surveytool.weighting.place_survey import make_place_weights, with_place_weights

STUDY = ".toml"


def weight_places(
    source: Any, counts: str | Path, *, crossings: str | None = None, name: str = "place_weight"
) -> Survey:
    """A survey of people met at places and times with their weights, and with the design that reads them.

    ``counts`` is a csv of the sessions of the period, ``crossings`` the column of how often each one passes: the
    arguments are the options of ``surveytool weight --counts``. The weights are the column ``name``, strata and
    sessions ``place_stratum`` and ``place_session``. Raises ``UsageError`` for what does not fit.
    """
    if isinstance(source, Study) or (isinstance(source, (str, Path)) and str(source).lower().endswith(STUDY)):
        source = open_study(source if isinstance(source, Study) else load_study(source))
    elif not isinstance(source, Survey):
        from surveytool.reading import read

        source = read(source)
    return with_place_weights(source, make_place_weights(source, Path(counts), crossings), name)
