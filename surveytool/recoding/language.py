"""A survey in a language: labels of questions and answers as the study has them there.

Nothing else changes. What a study or a reader writes in another language still
finds its level: every label that a level has is one of its names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from surveytool.survey import Codebook, Level, Survey, Variable
from surveytool.survey.label import said


def speak(survey: Survey, language: str) -> Survey:
    """The survey with its labels in a language; a label that lacks it stays as it is."""
    book = {name: _spoken(variable, language) for name, variable in survey.codebook.items()}
    return replace(survey, codebook=Codebook(book))


def _spoken(variable: Variable, language: str) -> Variable:
    levels = tuple(_level(level, language) for level in variable.levels)
    label = said(variable.labels, language) if variable.labels else variable.label
    return replace(variable, label=label, levels=levels)


def _level(level: Level, language: str) -> Level:
    labels: Mapping[str, str] = {name: text for name, text in level.labels.items() if name}
    if not labels:
        return level
    return replace(level, label=said(labels, language), labels={"": level.label, **level.labels})
