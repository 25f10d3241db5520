"""``surveytool report``: a whole study as one document, or as a folder of documents, tables and charts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.cli.command_source import CommandSource, is_study
from surveytool.cli.option_groups import ENGINE, READING, Group, takes
from surveytool.cli.protection_options import GATE
from surveytool.cli.run_record import MANIFEST
from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.reports.document import Content, Document
    from surveytool.study.counted_once import CountedOnce
    from surveytool.text import Words

StudyFile = Annotated[str, typer.Argument(metavar="STUDY", help="Study file (.toml).", show_default=False)]
Place = Annotated[
    Path | None,
    typer.Option("-o", "--output", metavar="FILE|FOLDER", rich_help_panel=o.OUTPUT, show_default=False,
                 help="html, docx, pdf or pptx by the suffix; a folder gets the first three, with tables and charts."),
]  # fmt: skip
Theme = Annotated[
    str | None,
    typer.Option(
        "--theme", rich_help_panel=o.OUTPUT, show_default=False, help="Dress of the charts: plain, iom or unhcr."
    ),
]
Languages = Annotated[
    list[str] | None,
    typer.Option(
        "--lang", metavar="LANGUAGE", rich_help_panel=o.OUTPUT, show_default=False,
        help="Language of the words: en, es, fr. Repeat it for a report in each, counted once.",
    ),
]  # fmt: skip
PAPER: Group = {
    "output": (Place, None), "overwrite": (o.Overwrite, False), "lang": (Languages, None),
    "decimals": (o.Decimals, None), "theme": (Theme, None),
}  # fmt: skip
NAME, TABLES, ROWS, CHARTS = "report", "tables.xlsx", "tables.csv", "charts"


@takes(PAPER, GATE, READING, ENGINE, MANIFEST)
def report(study: StudyFile, given: Mapping[str, Any]) -> None:
    """A study as one document: methods, every table with its chart and what it says, claims, notes, origin.

    surveytool report study.toml -o report.html
    """
    from surveytool.charts.theme import theme as dress
    from surveytool.study.counted_once import CountedOnce
    from surveytool.text import words

    if not is_study(study):
        raise UsageError("is no study file.", study, f"Write one with: surveytool new {study} -o study.toml")
    if given["output"] is None:
        raise UsageError("a report needs a file or a folder.", "-o", "Write for example -o report.html")
    languages = list(dict.fromkeys(given["lang"] or ["en"]))
    ways = [CommandSource(study, {**given, "lang": language}) for language in languages]
    if ways[0].given["theme"]:
        dress(ways[0].given["theme"])
    spoken = [words(way.language) for way in ways]
    for said in spoken:
        screen.borrowed(said)
    targets = _targets(given["output"], ways)
    counts = CountedOnce()
    with screen.Progress() as progress:
        for way, said in zip(ways, spoken, strict=True):
            content, document = _made(way, said, progress.step, counts)
            if way is ways[0]:
                given["ledger"].counted(content.results)
                way.audit([content.results])
            for path, contents in _files(targets, way, content, document, said):
                path = _named(path, way, ways)
                progress.step(said.fill("report_writing", path=path))
                _write(path, contents, overwrite=given["overwrite"])
                given["ledger"].outputs.append(path)


def _named(path: Path, way: CommandSource, ways: Sequence[CommandSource]) -> Path:
    """A file of one language: where there are several, the language stands before the suffix."""
    return path if len(ways) == 1 else path.with_name(f"{path.stem}.{way.language}{path.suffix}")


def _targets(output: Path, ways: Sequence[CommandSource]) -> dict[str, Path]:
    """The documents to write, by format; refused before anything is computed."""
    from surveytool.output_files import check_folder, check_target
    from surveytool.reports import IN_FOLDERS, SUFFIXES

    if output.suffix and not output.is_dir():
        suffix = output.suffix.lower()
        if suffix not in SUFFIXES:
            cure = f"Use one of: {', '.join(SUFFIXES)}, or name a folder."
            raise UsageError(f"no report format has the suffix {output.suffix!r}.", str(output), cure)
        if suffix == ".pptx":
            import pptx  # noqa: F401  told before anything is computed, where it is not installed
        found = {SUFFIXES[suffix]: output}
    else:
        check_folder(output)
        found = {format: output / f"{NAME}.{format}" for format in IN_FOLDERS}
    data = ways[0].study.data_path if ways[0].study is not None else None
    for path in found.values() if len(found) == 1 or output.exists() else ():
        for way in ways:
            check_target(_named(path, way, ways), overwrite=way.given["overwrite"], source=data)
    return found


def _made(way: CommandSource, said: Words, tell: Any, counts: CountedOnce) -> tuple[Content, Document]:
    from surveytool.reading.address import shown
    from surveytool.reports.document_text import write
    from surveytool.reports.study_results import collect, needs_data

    assert way.study is not None
    needs_data(way.study)
    tell(said.fill("report_reading", path=shown(str(way.study.data_source))))
    survey = way.survey(None)
    content = collect(
        way.study, survey, said, theme=way.given["theme"], decimals=way.given["decimals"], tell=tell, counts=counts
    )  # fmt: skip
    return content, write(content, said, tell)


def _files(
    targets: Mapping[str, Path], way: CommandSource, content: Content, document: Document, said: Words
) -> Iterator[tuple[Path, bytes]]:
    """Each file with its bytes; a folder gets the tables and the charts too."""
    from surveytool.reports import render

    for format, path in targets.items():
        yield path, render(document, format)
    if len(targets) == 1:
        return
    from surveytool.charts import draw
    from surveytool.render import render as tables
    from surveytool.reports.study_results import only
    from surveytool.table import report as arranged

    output = way.given["output"]
    shown = arranged(only(content.results, content.tables), said, decimals=content.decimals)
    yield output / TABLES, tables(shown, "xlsx", said)
    yield output / ROWS, tables(shown, "csv", said)
    for name, picture in document.drawings():
        yield output / CHARTS / f"{name}.svg", draw(picture.chart, "svg", picture.theme)


def _write(path: Path, content: bytes, *, overwrite: bool) -> None:
    from surveytool.output_files import ready_folder, write

    ready_folder(path.parent)
    write(path, content, overwrite=overwrite)
