"""The interviews themselves: durations, straight lines, near copies, hours, by enumerator against the rest."""

from __future__ import annotations

from surveytool.lazy import lazy_names

__all__ = ["FieldReport", "field_quality"]

__getattr__ = lazy_names(__name__, {"field_report": ["FieldReport", "field_quality"]})
