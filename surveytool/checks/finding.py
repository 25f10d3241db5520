"""A finding: how serious, where, what, and the cure."""

from __future__ import annotations

from dataclasses import field
from typing import Literal, get_args

from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.survey import Design, Provenance

Severity = Literal["error", "warning", "note"]
Part = Literal["study", "design", "data"]
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
        return sum(each.severity == severity for each in self.findings)

    @property
    def exit_status(self) -> int:
        """2 where the study file has an error, else 4 where the design cannot be used, else 0."""
        wrong = {each.part for each in self.findings if each.severity == "error"}
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


def ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Errors first, then warnings, then notes; inside, as they were found, each once."""
    kept = dict.fromkeys(findings)
    return tuple(each for severity in SEVERITIES for each in kept if each.severity == severity)
