"""Samples that chose themselves, adjusted by chances to take part, by imputation, or both, beside a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.adjustment.adjusted import adjust
    from surveytool.adjustment.adjustment_result import Adjustment

__all__ = ["Adjustment", "adjust"]

__getattr__ = lazy_names(__name__, {"adjusted": ["adjust"], "adjustment_result": ["Adjustment"]})
