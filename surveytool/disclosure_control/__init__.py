"""The one gate between estimates and tables: reliability flags, and nothing that gives a respondent away.

Names are imported on first use: commands declare the options without loading the gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.disclosure_control.protection import Method, Protection
from surveytool.lazy import lazy_names

if TYPE_CHECKING:
    from surveytool.disclosure_control.gate import Gate, guard
    from surveytool.disclosure_control.reliability_scheme import SCHEMES

__all__ = ["SCHEMES", "Gate", "Method", "Protection", "guard"]


__getattr__ = lazy_names(
    __name__,
    {
        "gate": ["Gate", "guard"],
        "reliability_scheme": ["SCHEMES"],
    },
)
