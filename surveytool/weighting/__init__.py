"""Weights made: raked, post-stratified or calibrated to margins, and trimmed."""

from surveytool.weighting.margins import Margin, read_margins, written_margin
from surveytool.weighting.new_weights import METHODS, Made, Wanted, make, weighted

__all__ = ["METHODS", "Made", "Margin", "Wanted", "make", "read_margins", "weighted", "written_margin"]
