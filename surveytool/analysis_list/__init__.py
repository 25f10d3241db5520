"""Lists of analysis as IMPACT and the MMC write them: each line a table, or the reason why it is none."""

from __future__ import annotations

from surveytool.lazy import lazy_names

__all__ = ["AnalysisLine", "AnalysisList", "read_list"]

__getattr__ = lazy_names(__name__, {"analysis_line": ["AnalysisLine", "AnalysisList"], "list_file": ["read_list"]})
