"""Rosters: rows below an interview, with the design, the weights and the questions of the interview."""

from __future__ import annotations

from surveytool.lazy import lazy_names

__all__ = ["of_rows", "roster", "spread", "with_rosters"]

__getattr__ = lazy_names(
    __name__,
    {
        "joined_rows": ["of_rows"],
        "one_roster": ["roster"],
        "roster_requests": ["spread"],
        "roster_links": ["with_rosters"],
    },
)
