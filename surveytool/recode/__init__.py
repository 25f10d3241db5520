"""Answers made ready to be counted: routes, bands, groups of answers, missing kinds."""

from surveytool.recode.corridor import Corridor, Rule
from surveytool.recode.route import Route, add_route, columns_to_read

__all__ = ["Corridor", "Route", "Rule", "add_route", "columns_to_read"]
