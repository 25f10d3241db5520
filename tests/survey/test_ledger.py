"""The ledger: every line is a sentence in every language, and travels with the provenance into JSON and a manifest."""

import json
from pathlib import Path
from typing import get_args

import pytest

from surveytool.checks.finding import CheckReport
from surveytool.checks.finding_table import render_findings
from surveytool.estimate.result import Results
from surveytool.manifest.manifest_file import Manifest, read_manifest, written
from surveytool.survey import Codebook, Design, LedgerLine, Provenance, Survey, booked
from surveytool.survey.ledger import Entry, records, sentences
from surveytool.table.settings import run_settings
from surveytool.text import LANGUAGES, words

LINES = (
    LedgerLine(what="dropped", rule="consent == 'yes'", rows=3),
    LedgerLine(what="kept", rule="consent == 'yes'", rows=12),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", get_args(Entry))
def test_every_kind_of_line_is_a_sentence_in_every_language(language: str, what: Entry) -> None:
    for n in (1, 1200):
        (line,) = sentences((LedgerLine(what=what, rule="RULE", rows=n),))
        said = words(language).say(line)
        assert "RULE" in said and said.startswith("1") and not said.startswith("ledger_")


def test_lines_are_booked_in_order_and_the_rows_that_are_left_are_known() -> None:
    survey = Survey(frame=None, codebook=Codebook({}), provenance=Provenance(path="a.csv", rows=15))
    made = booked(booked(survey, LINES[0]), LINES[1], rows=12)
    assert made.provenance.ledger == LINES and made.provenance.rows == 12
    assert booked(survey, LINES[0]).provenance.rows == 15


def test_json_of_a_check_has_the_ledger_and_none_where_nothing_was_done() -> None:
    said = words("en")
    report = CheckReport(findings=(), source=Provenance(path="a.csv", rows=12, ledger=LINES), design=Design())
    made = json.loads(render_findings(report, "json", said))
    assert made["ledger"] == [
        {"what": "dropped", "rule": "consent == 'yes'", "rows": 3},
        {"what": "kept", "rule": "consent == 'yes'", "rows": 12},
    ]
    assert "3 rows were left out: consent == 'yes'" in render_findings(report, "markdown", said).decode()
    bare = CheckReport(findings=(), source=Provenance(path="a.csv", rows=12))
    assert "ledger" not in json.loads(render_findings(bare, "json", said))


def test_a_report_names_every_line_beside_the_file() -> None:
    results = Results(estimates=(), source=Provenance(path="a.csv", rows=12, ledger=LINES), design=Design())
    shown = [value for _, value in run_settings(results, words("fr"))]
    assert "12 lignes comptent : consent == 'yes'" in shown


def test_a_manifest_keeps_the_ledger_and_reads_it_again(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(written(Manifest(ledger=tuple(records(LINES)))))
    assert read_manifest(path).ledger == tuple(records(LINES))
    assert b"ledger" not in written(Manifest())
