"""``surveytool proofread``: every figure of a document against its study, or against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.cli.output_target import Target
from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.proofreading.passages import Document
    from surveytool.proofreading.reading_of_document import Proof

DIFFERS = 1
LISTS = (".json", ".csv", ".xlsx", ".tex")
MARKED = "Document"

DocumentPath = Annotated[
    Path, typer.Argument(metavar="DOCUMENT", show_default=False, help="A report: docx, pdf, html, md or txt.")
]
StudyPath = Annotated[
    Path | None,
    typer.Option("--study", metavar="STUDY.toml", rich_help_panel=MARKED, show_default=False,
                 help="The study that the figures come from; without it they are held against each other."),
]  # fmt: skip
ClaimsPath = Annotated[
    Path | None,
    typer.Option("--claims", metavar="CLAIMS.toml", rich_help_panel=MARKED, show_default=False,
                 help="What each figure was taken to mean: written, or, where it is there, read and followed."),
]  # fmt: skip
Marked = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", rich_help_panel=MARKED, show_default=False,
                 help="A marked copy (.docx of a Word document, else .html), or the list (.json, .csv, .xlsx)."),
]  # fmt: skip
DocumentLanguage = Annotated[
    str | None,
    typer.Option("--document-language", metavar="LANG", rich_help_panel=MARKED, show_default=False,
                 help="The language of the document: en, es or fr; found by its words where it is not given."),
]  # fmt: skip
Failures = Annotated[
    bool, typer.Option("--failures", rich_help_panel=MARKED, help="Show only what differs or is ambiguous.")
]


def proofread(
    document: DocumentPath,
    study: StudyPath = None,
    output: Marked = None,
    claims: ClaimsPath = None,
    failures: Failures = False,
    document_language: DocumentLanguage = None,
    format: o.Format = None,
    lang: o.Lang = "en",
    overwrite: o.Overwrite = False,
) -> int:
    """Read a report and hold each figure in it against its study.

    A figure agrees if its number rounds to it, and differs if what it means is sure and the
    number is another. What a figure was taken to mean is always shown. Without a study the
    figures are held against each other, and printed tests are reckoned again.

    Exit status 1: a figure differs.

    surveytool proofread report.docx --study study.toml -o marked.docx

    surveytool proofread article.txt
    """
    from surveytool.proofreading.annotated_copy import annotated
    from surveytool.proofreading.proof_output import render_proof
    from surveytool.proofreading.readers import read_document

    is_list = output is not None and output.suffix.lower() in LISTS
    target = Target(
        format or (None if output is None or is_list else "terminal"),
        output if is_list else None,
        overwrite,
        lang,
        str(document),
    )
    target.check()
    content = read_document(document)
    if output is not None and not is_list:
        from surveytool.output_files import check_target

        check_target(output, overwrite=overwrite, source=document)
    proof = _proof(content, study, claims, document_language, overwrite)
    if output is not None and not is_list:
        from surveytool.output_files import write

        write(output, annotated(document, output, content, proof, target.words), overwrite=overwrite)
        screen.remark(target.words.fill("proofread_written", path=output))
    target.write(
        render_proof(proof, target.format, target.words, width=target.width, colour=target.colour, failures=failures)
    )
    return DIFFERS if proof.failed else 0


def _proof(content: Document, study: Path | None, claims: Path | None, named: str | None, overwrite: bool) -> Proof:
    """The proof; the readings are written where a file of claims is named that is not there."""
    from surveytool.proofreading.pinned_claims import write_claims
    from surveytool.proofreading.proof import proof_of_study
    from surveytool.study import load_study

    if study is None and claims is not None:
        raise UsageError("needs a study.", "--claims", "Write --study STUDY.toml too.")
    followed = claims if claims is not None and claims.is_file() and not overwrite else None
    proof = proof_of_study(content, None if study is None else load_study(study), language=named, claims=followed)
    if claims is not None and followed is None:
        write_claims(claims, proof, overwrite=overwrite)
    return proof
