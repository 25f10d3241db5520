"""JSON, schema 1: what programs read. Full precision, fractions, null for every undefined number."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from surveytool.estimate.result import Estimates, Model, Protected, Test, joint
from surveytool.notes import unique
from surveytool.render.format_options import Options
from surveytool.render.row_record import finite, record, term_record, test_record
from surveytool.survey import Design, Provenance, Variable, code_text
from surveytool.survey.ledger import records
from surveytool.text import Words
from surveytool.version import VERSION

if TYPE_CHECKING:
    from surveytool.aggregate.first_look import FirstLook
    from surveytool.table import CodebookReport, Report

SCHEMA = 1
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def render(report: Report, words: Words, options: Options) -> str:
    """The envelope of a run; each table carries the run's notes too."""
    document = envelope(report, words)
    if report.results.tests:
        document["tests"] = [_test(test, report, words) for test in report.results.tests]
    for model in report.results.models:
        document |= _model(model, report, words)
    if report.explanations:
        document["explain"] = [
            {
                "table": explanation.table,
                "level": explanation.row.level,
                "by": dict(explanation.row.by),
                "by_code": dict(explanation.row.by_code),
                "text": list(explanation.lines),
                "r": explanation.r,
                "stata": explanation.stata,
            }
            for explanation in report.explanations
        ]
    return dumps(document)


def render_codebook(report: CodebookReport, words: Words, options: Options) -> str:
    """The codebook: one entry a variable."""
    variables = [
        {**_variable(variable, words), **_look(report.looks.get(variable.name))} for variable in report.variables
    ]
    about = {"source": _source(report.provenance), **_ledger(report.provenance)}
    return dumps({"schema": SCHEMA, **about, "variables": variables})


def envelope(report: Report, words: Words) -> dict[str, Any]:
    """Schema 1 as plain values, for commands that put ``tests`` or ``claims`` beside the rows."""
    results = report.results
    return {
        "schema": SCHEMA,
        "surveytool": VERSION,
        "source": _source(results.source),
        **_ledger(results.source),
        "design": _design(results.design),
        **_protection(results.protection),
        "tables": [_table(table, report, words) for table in joint(results)],
        "rows": [
            {**record(row), "table": table[0].id, "statistic": estimates.statistic, "by_code": dict(row.by_code)}
            for table in joint(results)
            for estimates in table
            for row in estimates.rows
        ],
    }


def _protection(given: Protected | None) -> dict[str, Any]:
    """How a protected run was made safe, and what an attack on it found; nothing of a run without a gate."""
    if given is None:
        return {}
    about = {"active": True, "method": given.method, "decimals": given.decimals, "ledger": given.ledger}
    return {"protection": about, **({"audit": asdict(given.audit)} if given.audit is not None else {})}


def dumps(value: dict[str, Any]) -> str:
    """JSON text, an entry of a list a line; characters that steer a terminal stand as escapes, NaN is an error."""
    parts = ",\n".join(f"  {_plain(key)}: {_lines(entry)}" for key, entry in value.items())
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", f"{{\n{parts}\n}}\n")


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _plain(value)
    return "[\n" + ",\n".join(f"    {_plain(entry)}" for entry in value) + "\n  ]"


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _source(given: Provenance) -> dict[str, Any]:
    return {"path": given.path, "sha256": given.sha256, "rows": given.rows}


def _ledger(given: Provenance) -> dict[str, Any]:
    """What was done to rows and cells before they were counted; nothing where nothing was."""
    return {"ledger": records(given.ledger)} if given.ledger else {}


def _design(given: Design) -> dict[str, Any]:
    return {
        "weights": given.weights,
        "strata": given.strata,
        "psu": list(given.psu),
        "fpc": list(given.fpc),
        "replicates": asdict(given.replicates) if given.replicates is not None else None,
        "lonely_psu": given.lonely_psu,
        **{name: asdict(value) for name in ("recruitment", "rounds") if (value := getattr(given, name)) is not None},
    }


def _model(model: Model, report: Report, words: Words) -> dict[str, Any]:
    """``model``, ``terms``, ``tests`` of whole terms and average marginal ``effects``."""
    about = ("formula", "outcome", "event", "family", "n", "level", "where")
    notes = [words.say(note) for note in unique([*model.notes, *report.results.notes])]
    return {
        "model": {**{key: getattr(model, key) for key in about}, "notes": notes},
        "terms": [term_record(term) for term in model.terms],
        "tests": [{"test": "wald", **finite(asdict(test))} for test in model.tests],
        "effects": [finite(asdict(effect)) for effect in model.effects],
    }


def _test(test: Test, report: Report, words: Words) -> dict[str, Any]:
    from surveytool.table.comparison import sentence

    estimates = next(estimate for estimate in report.results.estimates if estimate.id == test.table)
    values = test_record(test)
    values["groups"] = None if test.groups is None else list(test.groups)
    return {**values, "sentence": sentence(test, estimates, report.results, words) or None}


def _table(table: Sequence[Estimates], report: Report, words: Words) -> dict[str, Any]:
    """What is said of one table; of one with several statistics all of them."""
    estimates = table[0]
    request = estimates.request
    notes = unique([*(note for estimates in table for note in estimates.notes), *report.results.notes])
    several = {"statistics": [estimates.statistic for estimates in table]} if len(table) > 1 else {}
    shares = {"percent": request.percent} if request.percent != "column" else {}
    return {
        "id": estimates.id,
        "variable": request.variable,
        "label": estimates.label,
        "statistic": estimates.statistic,
        **several,
        **shares,
        "by": [list(names) for names in request.by],
        "where": request.where,
        "base": request.base,
        "ci_method": estimates.ci_method,
        "level": request.level,
        "notes": [words.say(note) for note in notes],
    }


def _look(look: FirstLook | None) -> dict[str, Any]:
    """What a column of numbers holds; nothing where it is not told."""
    if look is None:
        return {}
    low, middle, high = look.quartiles
    return {
        "summary": {
            "min": look.least, "p25": low, "median": middle, "mean": look.mean, "p75": high, "max": look.most,
            "distinct": look.distinct, "bins": list(look.bins),
        }
    }  # fmt: skip


def _variable(variable: Variable, words: Words) -> dict[str, Any]:
    return {
        "name": variable.name,
        "label": variable.labels.get(words.language) or variable.label,
        "kind": variable.kind,
        "n": None if variable.withheld else variable.n,
        "n_missing": None if variable.withheld else variable.n_missing,
        "levels": [
            {
                "code": code_text(shown_level.code),
                "label": shown_level.label,
                "count": None if shown_level.withheld else shown_level.count,
                "missing": shown_level.missing,
            }
            for shown_level in variable.shown_levels()
        ],
        "columns": list(variable.columns) or [variable.name],
        "sensitive": variable.sensitive,
    }
