"""Weights in sentences: each step, the dearest margin, and how the weights are used from now on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.survey import Design
from surveytool.text import Words, words

if TYPE_CHECKING:
    from surveytool.weight_making.weights_account import WeightsAccount
    from surveytool.weighting.workflow import StepSummary

MOST_SCALES = 12


def step_name(kind: str, said: Words) -> str:
    """A kind of step as it is read."""
    return said.word(f"weights_step_{kind}")


def step_values(step: StepSummary, said: Words) -> list[str]:
    """The figures of a step: n, sum, least, most, ratio, design effect, effective n."""
    ratio = said.number(step.largest / step.smallest, 1)
    figures = (
        said.number(step.n),
        said.number(step.total, 1),
        said.number(step.smallest, 3),
        said.number(step.largest, 3),
    )
    return [*figures, ratio, said.number(step.deff, 3), said.number(step.effective_n, 1)]


def step_lines(account: WeightsAccount, said: Words | None = None) -> list[str]:
    """A line a step."""
    said = said or words(account.language)
    names = ("n", "total", "low", "high", "ratio", "deff", "effective")
    return [
        said.fill(
            "weights_line", step=step_name(step.kind, said), **dict(zip(names, step_values(step, said), strict=True))
        )
        for step in account.weighted.steps
    ]


def dearest_lines(account: WeightsAccount, said: Words) -> list[str]:
    """Which margin costs most, and what each does."""
    costs = account.weighted.costs
    if not costs:
        return []
    name, deff = costs[0]
    each = [said.fill("weights_dear", name=name, deff=said.number(deff, 3)) for name, deff in costs]
    return [
        said.fill("weights_dearest", name=name, deff=said.number(deff, 3)),
        said.fill("weights_costs", costs="; ".join(each)),
    ]


def study_settings(design: Design) -> str:
    """The ``[design]`` of a study that uses the new columns."""
    lines = ["[design]", f"weights = {_toml(design.weights)}"]
    lines += [f"strata = {_toml(design.strata)}"] if design.strata and design.replicates is None else []
    lines += [f"psu = {_toml(design.psu)}"] if design.psu and design.replicates is None else []
    given = design.replicates
    if given is not None:
        parts = [f"columns = {_toml(given.columns)}", f"method = {_toml(given.method)}"]
        parts += [f"scale = {given.scale!r}"] if given.scale is not None else []
        parts += [f"rscales = {_toml(given.rscales)}"] if given.rscales is not None else []
        parts += [f"fay_rho = {given.fay_rho!r}"] if given.fay_rho else []
        parts += [f"mse = {_toml(given.mse)}"] if given.mse else []
        lines.append(f"replicates = {{{', '.join(parts)}}}")
    if design.calibrated is not None:
        base = design.calibrated.base_weights
        told = f", base_weights = {_toml(base)}" if base else ""
        lines.append(f"calibrated = {{margins = {_toml(design.calibrated.margins)}{told}}}")
    return "\n".join(lines) + "\n"


def option_line(design: Design) -> str:
    """The options of the command line that use the new columns."""
    parts = [f"-w {design.weights}"]
    given = design.replicates
    if given is not None:
        parts += [f"--replicate-weights '{given.columns[0]}' --replicate-method {given.method}"]
        parts += [f"--replicate-scale {given.scale!r}"] if given.scale is not None else []
        parts += (
            [f"--replicate-rscales {','.join(repr(rscale) for rscale in given.rscales)}"]
            if given.rscales is not None
            else []
        )
        parts += [f"--fay-rho {given.fay_rho:g}"] if given.fay_rho else []
        parts += ["--replicate-mse"] if given.mse else []
    return " ".join(parts)


def _toml(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def code_lines(account: WeightsAccount) -> tuple[Sequence[str], Sequence[str]]:
    """Lines of R and of Stata that open the file with its weights."""
    from surveytool.replication_code.design_code import design_code

    return design_code(account.survey.design, account.survey.codebook)


def has_settings_file(account: WeightsAccount) -> bool:
    """Whether how the weights are used is too long for the screen: a jackknife of strata has a scale a replicate."""
    given = account.survey.design.replicates
    return given is not None and given.rscales is not None and len(given.rscales) > MOST_SCALES


def settings_path(output: Path) -> Path:
    """The file beside the data that says how its weights are used."""
    return output.with_name(f"{output.name}.design.toml")


def settings_file(account: WeightsAccount) -> str:
    """The ``[design]`` of a study that uses the weights; what R, Stata and the command line need stands in comments."""
    r_code, stata_code = code_lines(account)
    told = [f"surveytool: {option_line(account.survey.design)}", *(f"R: {line}" for line in r_code)]
    told += [f"Stata: {line}" for line in stata_code]
    return study_settings(account.survey.design) + "".join(f"# {line}\n" for line in told)


def use_lines(account: WeightsAccount, said: Words, output: Path) -> list[str]:
    """How the weights are used from now on, in lines for the screen."""
    if has_settings_file(account):
        return [said.fill("weights_settings_file", path=settings_path(output))]
    r_code, stata_code = code_lines(account)
    lines = [option_line(account.survey.design), *study_settings(account.survey.design).splitlines()]
    return [*lines, *(f"R: {line}" for line in r_code), *(f"Stata: {line}" for line in stata_code)]
