"""The MMC's workbook: analyses, and sheets of breakdowns, counts of choices, combinations, exclusions, settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from surveytool.analysis_list.analysis_line import AnalysisLine, AnalysisList, Refused
from surveytool.analysis_list.impact_list import line_of
from surveytool.analysis_list.list_cells import ListSheet, cell, need, yes
from surveytool.errors import UsageError, unknown

BOOK = ("group_analysis", "count_selections", "count_combinations", "exclude_choices", "settings")
NOTES = ("readme", "notes")
# settings that a table of ours follows; the others are of the program that they were written for
FOLLOWED = ("weight_column", "strata_column", "count_combinations_none_label", "count_combinations_joiner",
            "count_selections_label_none", "count_selections_label_one", "count_selections_label_many")  # fmt: skip
OTHERS = (
    "sm_separator", "skip_label_row", "blank_to_na", "prepare_sm", "sm_child_style", "recreate_sm_parents", "engine",
    "fallback_level", "min_group_n", "keep_missing_groups", "slim_design", "lonely_psu", "exclude_ignore_case",
    "value_columns", "extra_columns", "missing_group_label", "use_group_prefix", "summary_value_label",
    "drop_empty_prop_rows", "add_analysis_type_label", "label_choices", "count_selections_mode",
    "count_selections_order", "count_selections_heading", "count_selections_spacer", "count_selections_title_suffix",
    "count_combinations_order", "count_combinations_heading", "count_combinations_spacer",
    "count_combinations_title_suffix", "count_combinations_ignore_case", "max_combination_choices",
)  # fmt: skip


def lines_of(path: Path, sheets: Mapping[str, ListSheet]) -> AnalysisList:
    """The lines of a workbook, each by every breakdown. Raises ``UsageError`` for an unknown sheet or setting."""
    for name in sheets:
        if name not in ("analysis", *BOOK, *NOTES) and not name.startswith("_"):
            raise unknown("sheet", name, ("analysis", *BOOK), path.name, "Rename it, or let its name begin with _.")
    settings = _settings(path, sheets)
    groups, labels = _groups(path, sheets)
    exclude = tuple(cell(row, "choice_label") for _, row in _rows(path, sheets, "exclude_choices", ("choice_label",)))
    lines: list[AnalysisLine] = []
    refused: list[Refused] = []
    need(sheets["analysis"].columns, ("analysis_type", "analysis_var"), f"{path.name}, analysis")
    for number, row in sheets["analysis"].rows:
        for made in line_of(path, "analysis", number, row):
            if isinstance(made, Refused):
                refused.append(made)
                continue
            own = made.breakdowns or tuple((name,) for name in groups)
            title = made.title or cell(row, "sector")
            lines.append(replace(made, breakdowns=own, total=True, exclude=exclude, title=title))
    breakdowns = tuple((name,) for name in groups)
    lines += [replace(each, breakdowns=breakdowns, exclude=exclude) for each in _counted(path, sheets)]
    return AnalysisList(
        path=str(path), lines=tuple(lines), refused=tuple(refused), labels=labels, settings=settings
    )  # fmt: skip


def _rows(
    path: Path, sheets: Mapping[str, ListSheet], name: str, wanted: tuple[str, ...]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a sheet that count; none where there is no such sheet. Raises ``UsageError`` for a blank cell."""
    if name not in sheets or not sheets[name].rows:
        return
    need(sheets[name].columns, wanted, f"{path.name}, {name}")
    for number, row in sheets[name].rows:
        if not yes(cell(row, "include"), default=True):
            continue
        for column in wanted:
            if not cell(row, column):
                raise UsageError(
                    f"{column} is blank.", f"{path.name}, {name}, row {number}", "Fill it, or drop the row."
                )
        yield number, row


def _settings(path: Path, sheets: Mapping[str, ListSheet]) -> dict[str, str]:
    """The settings that are given. Raises ``UsageError`` for one that nobody knows: it would look like one applied."""
    found: dict[str, str] = {}
    if "settings" in sheets and sheets["settings"].rows:
        need(sheets["settings"].columns, ("setting", "value"), f"{path.name}, settings")
        for number, row in sheets["settings"].rows:
            key, value = cell(row, "setting"), cell(row, "value")
            if key not in (*FOLLOWED, *OTHERS):
                raise unknown("setting", key, (*FOLLOWED, *OTHERS), f"{path.name}, settings, row {number}")
            found |= {key: value} if value else {}
    return found


def _groups(path: Path, sheets: Mapping[str, ListSheet]) -> tuple[list[str], dict[str, str]]:
    """The breakdowns and what tables call them. Raises ``UsageError`` for one that comes twice."""
    labels: dict[str, str] = {}
    for number, row in _rows(path, sheets, "group_analysis", ("raw_data_name", "new_name")):
        name, label = cell(row, "raw_data_name"), cell(row, "new_name")
        where = f"{path.name}, group_analysis, row {number}"
        if label == "Overall":
            raise UsageError("Overall is always there.", where, "Leave the row out.")
        if name in labels or label in labels.values():
            raise UsageError(f"{name if name in labels else label} comes twice.", where, "Leave one of them out.")
        labels[name] = label
    return list(labels), labels


def _counted(path: Path, sheets: Mapping[str, ListSheet]) -> Iterator[AnalysisLine]:
    """How many choices each respondent picked, and which of some they picked together."""
    for number, row in _rows(path, sheets, "count_selections", ("analysis_var",)):
        yield AnalysisLine(sheet="count_selections", row=number, kind="selections", variable=cell(row, "analysis_var"))
    found: dict[str, list[tuple[str, str]]] = {}
    first: dict[str, int] = {}
    for number, row in _rows(path, sheets, "count_combinations", ("analysis_var", "choice_label")):
        name, label = cell(row, "analysis_var"), cell(row, "choice_label")
        found.setdefault(name, []).append((label, cell(row, "display_name") or label))
        first.setdefault(name, number)
    for name, options in found.items():
        if len(options) > 6:
            where = f"{path.name}, count_combinations, row {first[name]}"
            raise UsageError(
                f"{len(options)} choices of {name} have too many combinations.", where, "Name six at most."
            )
        yield AnalysisLine(
            sheet="count_combinations", row=first[name], kind="combinations", variable=name, options=tuple(options)
        )  # fmt: skip
