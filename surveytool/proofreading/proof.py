"""A document and a study in, a proof out: the one call behind the command and the Python function."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from surveytool.errors import UsageError
from surveytool.proofreading.language import LANGUAGES, decimal_mark, is_foreign, language_of
from surveytool.proofreading.language import language as words_of
from surveytool.proofreading.passages import Document
from surveytool.proofreading.reading_of_document import Proof, proof_of
from surveytool.survey.setting import choice

if TYPE_CHECKING:
    from surveytool.study import Study


def proof_of_study(
    document: Document, study: Study | None, *, language: str | None = None, claims: Path | None = None
) -> Proof:
    """The figures of a document against a study, with labels in its language; without one against each other.

    ``claims`` pins what figures mean. Raises ``UsageError`` for a language that is not known or a study without data,
    ``StudyError`` and ``UnreadableData`` as opening the study does.
    """
    from surveytool.proofreading.consistency import proof_alone
    from surveytool.proofreading.facts import facts_of
    from surveytool.proofreading.pinned_claims import pins_of
    from surveytool.study import open_study

    if language is None and is_foreign(document.text()):
        cure = "English, Spanish and French are read; name one with --document-language if it is one of them."
        raise UsageError("is written in a language that is not read.", document.name, cure)
    name = choice(language, LANGUAGES, "document_language") if language is not None else language_of(document.text())
    words = words_of(name, decimal_mark(document.text()))
    if study is None:
        return proof_alone(document, words)[0]
    if study.data is None:
        raise UsageError("names no data file.", str(study.path), 'Write [data] with path = "FILE".')
    facts = facts_of(study, open_study(study, language=name), name, study.proofread.words)
    return proof_of(document, facts, words, pins_of(claims, facts) if claims is not None else {})
