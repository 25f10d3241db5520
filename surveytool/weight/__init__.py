"""Weights made: raked, post-stratified or calibrated to margins, and trimmed."""

from surveytool.weight.make import METHODS, Made, Wanted, make, weighted
from surveytool.weight.margin import Margin, read_margins, written_margin

__all__ = ["METHODS", "Made", "Margin", "Wanted", "make", "read_margins", "weighted", "written_margin"]
