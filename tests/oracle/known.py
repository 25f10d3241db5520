"""Habits that still make a silent wrong figure or a crash; each goes when it is mended, and the test says so."""

from __future__ import annotations

KNOWN: dict[str, str] = {
    "n/a": "n/a is taken for an answer",
    "zeros where not asked": "0 stands also for those who were never asked, and nothing says so",
    "day first": "--kind day=date leaves days of the calendar as text",
    "month first": "--kind day=date leaves days of the calendar as text",
    "trailing blanks": "a trailing blank makes two answers of one",
    "cells of spaces": "a cell of spaces is an answer",
    "leading zeros": "numbers with leading zeros are categories",
    "NULL": "NULL is an answer",
    "total row": "the total row of a workbook is a respondent",
    "stray text in a number": "one text among numbers makes the numbers categories",
    "merged downward": "cells merged downward are blank but for the first",
}
