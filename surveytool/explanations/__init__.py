"""What ``surveytool explain`` prints: a page for each term, note, kind of error, setting and method.

The pages are read from where the things themselves stand (glossary, sentences, schema, docstrings):
none can be stale.
"""

from __future__ import annotations

from surveytool.explanations.page import Page
from surveytool.explanations.pages import page_names, pages

__all__ = ["Page", "page_names", "pages"]
