"""A finding: how serious, where, what, and the cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from typing import Literal, get_args

from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.survey import Design, Provenance

Severity = Literal["error", "warning", "note"]
Part = Literal["study", "design", "data"]
MOST_ALIKE = 3  # findings of one kind that are told one by one
ONE_CAUSE = ("never_chosen", "dates_as_text")  # told together from two on
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


class Word(str):
    """A value of a note that is itself a word of the reader's language, by its key."""

    __slots__ = ()


@frozen
class Finding:
    """One thing that is wrong (error), doubtful (warning) or worth knowing (note).

    ``part`` says what it is about: the study file, the design or the data.
    ``where`` are names of columns or places of a file; ``n`` is how many
    respondents, levels or strata are concerned, None where it has no meaning.
    """

    severity: Severity
    kind: str
    part: Part = "data"
    where: tuple[str, ...] = ()
    what: Note
    cure: Note | None = None
    n: int | None = None


@frozen
class CheckReport:
    """What ``check`` found, the most serious first, with the file and the design it was about."""

    findings: tuple[Finding, ...]
    source: Provenance = field(default_factory=Provenance)
    design: Design = field(default_factory=Design)

    def count(self, severity: Severity) -> int:
        """How many findings of one severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def exit_status(self) -> int:
        """2 where the study file has an error, else 4 where the design cannot be used, else 0."""
        wrong = {finding.part for finding in self.findings if finding.severity == "error"}
        return 2 if "study" in wrong else 4 if "design" in wrong else 0


def finding(
    severity: Severity, kind: str, *where: str, part: Part = "data", cure: str | None = None, **values: object
) -> Finding:
    """A finding whose sentences are ``check_KIND`` and ``cure_CURE``, both filled with the values.

    >>> finding("note", "weights_sum_to_n", "w", cure="weights_sum_to_n").where
    ('w',)
    """
    n = values.get("n")
    return Finding(
        severity=severity, kind=kind, part=part, where=where, what=note(f"check_{kind}", **values),
        cure=note(f"cure_{cure}", **values) if cure else None, n=n if isinstance(n, int) else None,
    )  # fmt: skip


def grouped(findings: Sequence[Finding]) -> list[Finding]:
    """One finding for one cause: many columns with the same kind of note or warning are told once, with all names."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        alone = len(finding.where) == 1 or finding.kind == "never_chosen"
        if finding.severity != "error" and finding.part == "data" and alone:
            alike.setdefault((finding.severity, finding.kind, finding.cure.code if finding.cure else ""), []).append(
                finding
            )
    many = {id(finding): group for group in alike.values() if len(group) > _most(group[0]) for finding in group}
    kept = []
    for finding in findings:
        group = many.get(id(finding), [finding])
        if group[0] is finding:
            kept.append(_joined(group) if len(group) > 1 else finding)
    return kept


def _most(first: Finding) -> int:
    """How many findings like this one are told one by one."""
    return 1 if first.kind in ONE_CAUSE else MOST_ALIKE


def _joined(group: Sequence[Finding]) -> Finding:
    """The first of many findings, told for all of them."""
    first = group[0]
    where = tuple(dict.fromkeys(name for finding in group for name in finding.where))
    what = note("check_same_cause", n=len(where), name=first.where[0], text=first.what)
    cure = note("cure_same_cause", text=first.cure) if first.cure is not None else None
    return replace(first, what=what, cure=cure, where=where, n=len(where))


def ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors first, then warnings, then notes; inside, as they were found, each once."""
    kept = dict.fromkeys(findings)
    return tuple(finding for severity in SEVERITIES for finding in kept if finding.severity == severity)
