"""Tables that are asked of the corridor as others: counts, row and table percentages, several statistics, an order.

Nothing is computed here. A request that the corridor does not know is put as requests that it does
(``asked_of_corridor``), and what comes back past the gate is arranged as was asked (``as_requested``), so that
nothing is told that the gate has not let out.
"""

from __future__ import annotations

from surveytool.crosstabs.asked_as import Plan, as_requested, asked_of_corridor
from surveytool.crosstabs.order import ordered

__all__ = ["Plan", "as_requested", "asked_of_corridor", "ordered"]
