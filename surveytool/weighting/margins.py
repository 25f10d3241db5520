"""Margins: what is known of the population, by variable; written in one line or in a csv or TOML file.

    sex: Male=0.55, Female=0.45        shares of a category's groups (55% and 55 too), or their numbers of people
    age_years=1250000                  the sum of a number over the population

A csv file has the columns variable, level and value (level empty for a number), and se where the margin is itself an
estimate; a TOML file a table a category, a number a number.
"""

from __future__ import annotations

import math
from collections.abc import Container
from dataclasses import replace
from pathlib import Path

from surveytool.errors import UnreadableData, UsageError
from surveytool.frozen import frozen
from surveytool.survey import headed, share_parts

CURE = "Write for example --margin 'sex: Male=0.55, Female=0.45' or --margin 'age_years=1250000'"


@frozen
class Margin:
    """A variable and its groups' shares or totals by label; one entry without a label for a number's total.

    ``errors`` are the standard errors of the targets, in their order and unit; empty where they are known exactly.
    """

    variable: str
    targets: tuple[tuple[str | None, float], ...]
    errors: tuple[float, ...] = ()

    @property
    def number(self) -> bool:
        """Whether the margin is the total of a number."""
        return self.targets[0][0] is None

    @property
    def shares(self) -> bool:
        """Whether the groups' targets are shares of 1 (or of 100) but for rounding, not numbers of people."""
        if self.number:
            return False
        values = [value for _, value in self.targets]
        rounded = len(values) * 0.5 * 10.0 ** -max(_decimals(value) for value in values) + 1e-9
        return abs(sum(values) - 1) <= min(rounded, 0.005) or abs(sum(values) - 100) <= min(rounded, 0.5)

    @property
    def amiss(self) -> bool:
        """Whether the targets look like shares that do not add up."""
        values = [value for _, value in self.targets]
        percents = abs(sum(values) - 100) < 5 and any(value != round(value) for value in values)
        return not self.number and not self.shares and (percents or all(value <= 1 for value in values))


def _decimals(value: float) -> int:
    """The decimals that a number is written with, at most 12.

    >>> _decimals(0.25), _decimals(40.0), _decimals(0.296)
    (2, 0, 3)
    """
    return next(count for count in range(13) if count == 12 or round(value, count) == value)


def written_margin(text: str, known: Container[str] = ()) -> Margin:
    """One margin as people write it; ``known`` are the variables, of which a name may hold a colon.

    Raises ``UsageError``.

    >>> written_margin("sex: Male=0.55, Female=0.45").targets
    (('Male', 0.55), ('Female', 0.45))
    >>> written_margin("age=1250").number
    True
    """
    name, rest = headed(text, known)
    if not rest or text.rpartition("=")[0].strip() in known:
        name, sign, value = text.rpartition("=")
        if not sign or not name.strip():
            raise UsageError(f"{text!r} is no margin.", "--margin", CURE)
        return margin_of(name.strip(), {None: value})
    groups: dict[str | None, object] = {}
    for part in share_parts(rest):
        label, _, value = (each.strip() for each in part.rpartition("="))
        if not label or label in groups:
            raise UsageError(f"{part.strip()!r} is no GROUP=VALUE, or comes twice.", "--margin", CURE)
        groups[label] = value
    return margin_of(name, groups)


def margin_of(variable: str, groups: dict[str | None, object], where: str = "--margin") -> Margin:
    """A margin of checked numbers: finite, not negative, not all zero; shares that sum to 1.

    Raises ``UsageError``.
    """
    targets = []
    _one_scale(variable, groups, where)
    for label, value in groups.items():
        number = _target(variable, label, value, where)
        if not math.isfinite(number) or (number < 0 and label is not None):
            raise UsageError(f"{variable}: {value!r} is no share or total.", where, CURE)
        targets.append((label, number))
    if not targets or (targets[0][0] is not None and not sum(value for _, value in targets) > 0):
        raise UsageError(f"{variable} has no group with a share.", where, CURE)
    margin = Margin(variable=variable, targets=tuple(targets))
    if margin.amiss:
        whole = sum(value for _, value in targets)
        raise UsageError(
            f"the shares of {variable} sum to {whole:g}, not to {100 if whole > 50 else 1}.", where, "Mend them."
        )
    return margin


def _target(variable: str, label: str | None, value: object, where: str) -> float:
    """One number of a margin; ``48%`` and ``48,5 %`` are shares of a hundred.

    Raises ``UsageError``.
    """
    text = str(value).strip()
    percent = label is not None and text.endswith("%")
    try:
        return float(text[:-1].replace(",", ".")) / 100 if percent else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise UsageError(f"{variable}: {value!r} is no number.", where, CURE) from None


def _one_scale(variable: str, groups: dict[str | None, object], where: str) -> None:
    """Percent signs stand behind every group or behind none. Raises ``UsageError``."""
    signs = [str(value).strip().endswith("%") for value in groups.values()]
    if any(signs) and not all(signs):
        lacking = next(str(label) for label, sign in zip(groups, signs, strict=True) if not sign)
        raise UsageError(
            f"{variable}: some groups have a percent sign, {lacking} has none.", where, "Write it after each group."
        )


def read_margins(path: Path) -> tuple[Margin, ...]:
    """The margins of a csv or TOML file; raises ``UsageError`` or ``UnreadableData``."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableData("cannot be read as text.", str(path), "Give a csv or TOML file in UTF-8.") from error
    found = _toml(text, path) if path.suffix.lower() == ".toml" else _csv(text, path)
    if not found:
        raise UsageError("has no margins.", str(path), "Give the columns variable, level and value.")
    errors = _errors(text, path) if path.suffix.lower() != ".toml" else {}
    return tuple(
        replace(margin_of(name, groups, str(path)), errors=errors.get(name, ())) for name, groups in found.items()
    )


def _errors(text: str, path: Path) -> dict[str, tuple[float, ...]]:
    """The column se of a csv by variable, in the order of its rows; none of a variable without any."""
    import csv
    from io import StringIO

    rows = csv.DictReader(StringIO(text))
    if "se" not in (rows.fieldnames or ()):
        return {}
    texts: dict[str, list[str]] = {}
    for row in rows:
        texts.setdefault((row["variable"] or "").strip(), []).append((row["se"] or "").strip())
    return {name: _standard_errors(name, text, path) for name, text in texts.items() if any(text)}


def _standard_errors(name: str, texts: list[str], path: Path) -> tuple[float, ...]:
    percent = [text.endswith("%") for text in texts]
    try:
        values = [float(text.rstrip("%").replace(",", ".")) / (100 if text.endswith("%") else 1) for text in texts]
    except ValueError:
        values = [math.nan]
    bad = sum(not (math.isfinite(value) and value >= 0) for value in values)
    if bad or len(set(percent)) > 1:
        raise UsageError(
            f"{name}: {max(bad, 1)} of {len(texts)} standard errors are missing, negative or no number.", str(path),
            "Give each group an se of 0 or more, in the unit of its value; or leave the column empty.",
        )  # fmt: skip
    return tuple(values)


def _csv(text: str, path: Path) -> dict[str, dict[str | None, object]]:
    import csv
    from io import StringIO

    rows = csv.DictReader(StringIO(text))
    if not {"variable", "level", "value"} <= set(rows.fieldnames or ()):
        raise UsageError("lacks a column.", str(path), "Its columns are variable, level and value.")
    found: dict[str, dict[str | None, object]] = {}
    for row in rows:
        groups = found.setdefault((row["variable"] or "").strip(), {})
        label = (row["level"] or "").strip() or None
        if label in groups:
            raise UsageError(f"{row['variable']}: {label or 'the total'} comes twice.", str(path))
        groups[label] = row["value"]
    return found


def _toml(text: str, path: Path) -> dict[str, dict[str | None, object]]:
    import tomllib

    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"is no TOML ({error}).", str(path)) from error
    return {name: dict(value) if isinstance(value, dict) else {None: value} for name, value in read.items()}
