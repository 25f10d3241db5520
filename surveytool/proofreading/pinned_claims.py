"""What each figure was taken to mean, as a file of claims that an author can mend.

The file is written by the first run and followed by the next: a figure whose sentence
and letters stand in it means the variable, answer and group that stand there.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from surveytool.errors import UsageError
from surveytool.proofreading.facts import Fact, Facts
from surveytool.proofreading.judging import Finding
from surveytool.proofreading.reading_of_document import Proof, pin_name

HEAD = """# What each figure of {document} was taken to mean. Mend variable, level and by where they are wrong:
# the next run of proofread with --claims follows this file. by = {{}} is everybody.
"""


def write_claims(path: Path, proof: Proof, *, overwrite: bool) -> None:
    """Write the readings of a proof as claims. Raises ``UsageError`` where the file is there."""
    from surveytool.output_files import write

    texts = [HEAD.format(document=proof.document), *_entries(proof)]
    write(path, "\n".join(texts).encode("utf-8"), overwrite=overwrite)


def _entries(proof: Proof) -> Iterator[str]:
    seen: set[str] = set()
    for number, finding in enumerate(proof.findings, 1):
        fact = finding.fact
        name = pin_name(finding.text, finding.printed)
        if fact is None or finding.row >= 0 or name in seen or finding.reason.startswith("proofread_points"):
            continue
        seen.add(name)
        yield _entry(number, finding, fact)


def _entry(number: int, finding: Finding, fact: Fact) -> str:
    """One claim as TOML; texts as JSON strings, which are TOML strings too."""
    row = fact.row
    by = ", ".join(f"{json.dumps(name)} = {json.dumps(label, ensure_ascii=False)}" for name, label in row.by.items())
    lines = [
        "[[claims]]",
        f'id = "figure-{number}"',
        f"text = {json.dumps(finding.text, ensure_ascii=False)}",
        f"printed = {json.dumps(finding.printed, ensure_ascii=False)}",
        f"published = {finding.value!r}",
        f"variable = {json.dumps(row.variable)}",
    ]
    lines += [f"level = {json.dumps(row.level, ensure_ascii=False)}"] if row.level is not None else []
    lines += [f"by = {{{by}}}"] if by else []
    lines += [f"stat = {json.dumps(fact.statistic)}"] if fact.statistic != "proportion" else []
    return "\n".join([*lines, f"# {finding.verdict}", ""])


def pins_of(path: Path, facts: Facts) -> dict[str, Fact]:
    """The facts that a file of claims pins.

    Raises ``UsageError`` for a file that is no TOML, or names what the study does not have.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("claims", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("is no TOML.", str(path), "Mend it, or delete it and let it be written anew.") from error
    pins = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"text", "printed", "variable"} <= set(entry):
            continue
        fact = _fact(entry, facts)
        if fact is None:
            name = entry.get("id", entry["variable"])
            cure = "Write a variable, a level and groups that the study has a table of, or delete the claim."
            raise UsageError(f"claim {name}: the study has no such number.", str(path), cure)
        pins[pin_name(str(entry["text"]), str(entry["printed"]))] = fact
    return pins


def _fact(entry: dict[str, object], facts: Facts) -> Fact | None:
    """The number that an entry names, by labels or codes."""
    by = entry.get("by", {})
    level, statistic = entry.get("level"), entry.get("stat", "proportion")
    for fact in facts.facts:
        row = fact.row
        if row.variable != entry["variable"] or not isinstance(by, dict) or set(row.by) != set(by):
            continue
        groups = all(by[name] in (row.by[name], row.by_code[name]) for name in by)
        if groups and level in (row.level, row.level_code) and (level is not None or fact.statistic == statistic):
            return fact
    return None
