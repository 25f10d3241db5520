"""Proofreading: the figures of a document against the study that they come from, and against each other."""
