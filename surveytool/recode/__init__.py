"""Answers made ready before they are counted: routes."""
