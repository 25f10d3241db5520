"""Weights made through all their steps: a study or a file in, new columns, replicates and a page about them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.weight_making.made_weights import MadeWeights, weight
    from surveytool.weight_making.place_making import weight_places

__all__ = ["MadeWeights", "weight", "weight_places"]

__getattr__ = lazy_names(__name__, {"made_weights": ["MadeWeights", "weight"], "place_making": ["weight_places"]})
