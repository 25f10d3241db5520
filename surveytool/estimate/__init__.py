"""Inference on cells: statistics, variance, intervals, and the rows that come out."""
