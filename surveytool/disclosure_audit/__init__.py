"""The adversary of `--audit`: it reads what a run has written and solves for what it withholds.

It shares nothing with the gate. It takes every printed number, at the precision of its digits, as a
condition on whole numbers of respondents, and asks how far a withheld count may still be from what it is.
"""

from __future__ import annotations

from surveytool.lazy import lazy_names

__all__ = ["audit_notes", "audited"]

__getattr__ = lazy_names(__name__, {"audit_report": ["audit_notes", "audited"]})
