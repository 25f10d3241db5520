"""Indicators as data: one TOML file each, with its source, its items, its cut points and rows to prove it by.

To add one, write its file and name it here; the contract test of the registry
reckons its own rows and looks for its words in every language. An indicator is
never a formula in Python: it becomes recodes of a study, and those of
``recoding.score`` do the arithmetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.indicator_library.indicator_file import Indicator, indicator, indicators
    from surveytool.indicator_library.indicator_use import IndicatorUse, made_by, recodes_of

# id -> its file in this room
INDICATORS: dict[str, str] = {
    "wfp/fcs": "wfp/fcs.toml",
    "wfp/rcsi": "wfp/rcsi.toml",
    "wfp/hhs": "wfp/hhs.toml",
    "wfp/hdds": "wfp/hdds.toml",
    "wfp/lcsi-fs": "wfp/lcsi-fs.toml",
    "wfp/lcsi-en": "wfp/lcsi-en.toml",
    "wg/ss": "wg/ss.toml",
    "household/dependency-ratio": "household/dependency-ratio.toml",
    "household/sex-age-disability": "household/sex-age-disability.toml",
    "phq/phq2": "phq/phq2.toml",
    "phq/phq4": "phq/phq4.toml",
    "k6/k6": "k6/k6.toml",
    "who/who5": "who/who5.toml",
    "income/per-head": "income/per-head.toml",
    "income/per-adult-equivalent": "income/per-adult-equivalent.toml",
    "need/sectors": "need/sectors.toml",
}

__all__ = ["INDICATORS", "Indicator", "IndicatorUse", "indicator", "indicators", "made_by", "recodes_of"]


__getattr__ = lazy_names(
    __name__,
    {
        "indicator_file": ["Indicator", "indicator", "indicators"],
        "indicator_use": ["IndicatorUse", "made_by", "recodes_of"],
    },
)
