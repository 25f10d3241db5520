"""What one run read and made, noted down while it happens, and written as a manifest at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surveytool.cli import options as o

if TYPE_CHECKING:
    from surveytool.estimate.result import Results
    from surveytool.survey import Survey

ManifestOption = Annotated[
    Path | None,
    typer.Option("--manifest", metavar="FILE.json", rich_help_panel=o.OUTPUT, show_default=False,
                 help="Write down what the numbers come from: hashes, rows, settings, versions."),
]  # fmt: skip
Time = Annotated[
    str | None,
    typer.Option("--time", metavar="TEXT", rich_help_panel=o.OUTPUT, show_default=False,
                 help="A time to stand in the manifest; without it the same run gives the same bytes."),
]  # fmt: skip
MANIFEST: Mapping[str, tuple[Any, Any]] = {"manifest": (ManifestOption, None), "time": (Time, None)}


class RunRecord:
    """Notes of one run; nothing is kept of the data but the number of rows."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.path: Path | None = given.get("manifest")
        self.time: str | None = given.get("time")
        self.overwrite = bool(given.get("overwrite"))
        self.survey: Survey | None = None
        self.data: str | None = None
        self.study: Path | None = None
        self.claims: Path | None = None
        self.results: list[Results] = []
        self.outputs: list[Path] = []
        self.advice: list[str] = []
        if self.path is not None:
            self._check(self.path)

    def _check(self, path: Path) -> None:
        from surveytool.errors import UsageError
        from surveytool.output_files import check_target

        if path.suffix.lower() != ".json":
            raise UsageError("a manifest ends in .json.", str(path), f"Write --manifest {path.stem or 'manifest'}.json")
        check_target(path, overwrite=self.overwrite)

    def opened(self, survey: Survey, data: str | None, study: Path | None) -> Survey:
        """The survey that the run reads, as it came."""
        self.survey, self.data, self.study = survey, data, study
        return survey

    def counted(self, *results: Results) -> None:
        """Numbers that the run made."""
        self.results += results

    def write(self, arguments: Sequence[str]) -> None:
        """The manifest, where one was asked for."""
        if self.path is None:
            return
        from surveytool.manifest import Manifest, mark, source_mark, written
        from surveytool.manifest.manifest_hashes import design_of, plain_command, tables_of, used, versions
        from surveytool.output_files import write
        from surveytool.survey.ledger import records

        tables = tables_of(self.results)
        manifest = Manifest(
            command=plain_command(arguments), time=self.time,
            data=source_mark(self.data, self.survey.provenance) if self.data and self.survey is not None else None,
            study=mark(self.study) if self.study is not None else None,
            claims=mark(self.claims) if self.claims is not None else None,
            design=design_of(self.survey.design) if self.survey is not None else {},
            used=used(tables), tables=tables,
            ledger=tuple(records(self.survey.provenance.ledger)) if self.survey is not None else (),
            outputs=tuple(mark(output) for output in self.outputs if output.is_file()), versions=versions(),
        )  # fmt: skip
        write(self.path, written(manifest), overwrite=self.overwrite)
