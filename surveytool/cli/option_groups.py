"""Groups of options that commands share: declared once, taken by a decorator, read as values.

``@takes(DESIGN, OUTPUT)`` gives a command every option of the groups; they come
to it as one mapping, ``given``, beside its own parameters.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from surveytool.cli import options as o
from surveytool.cli import screen
from surveytool.cli.output_target import Target
from surveytool.cli.run_record import MANIFEST, RunRecord
from surveytool.errors import UnknownVariable
from surveytool.survey import Design, Percent, Request, Sort, Survey

if TYPE_CHECKING:
    from surveytool.reading.loaded import Dialect
    from surveytool.study.study_file import Study
    from surveytool.study.study_survey import Reading

Group = Mapping[str, tuple[Any, Any]]

TABLE: Group = {
    "where": (o.Where, None),
    "base": (o.BaseOption, "answered"),
    "exclude": (o.ExcludeOption, None),
    "ci": (o.Ci, None),
    "quantile_rule": (o.QuantileRule, "math"),
    "level": (o.Level, 0.95),
}
ORDER: Group = {"sort": (o.SortOption, None), "sort_by": (o.SortBy, None)}
SHAPE: Group = {"percent": (o.Percent, "column"), "layout": (o.LayoutOption, None)}
DESIGN: Group = {
    "weights": (o.Weights, None),
    "strata": (o.Strata, None),
    "psu": (o.Psu, None),
    "fpc": (o.Fpc, None),
    "nest": (o.Nest, True),
    "replicate_weights": (o.ReplicateWeights, None),
    "replicate_method": (o.ReplicateMethodOption, None),
    "fay_rho": (o.FayRho, 0.0),
    "replicate_scale": (o.ReplicateScale, None),
    "replicate_rscales": (o.ReplicateRscales, None),
    "replicate_mse": (o.ReplicateMse, None),
    "replicate_factors": (o.ReplicateFactors, False),
    "df": (o.Df, None),
    "lonely_psu": (o.Lonely, "fail"),
    "calibrated_to": (o.CalibratedTo, None),
    "base_weights": (o.BaseWeights, None),
    "sample": (o.SampleOption, "probability"),
}
OUTPUT: Group = {
    "format": (o.Format, None),
    "output": (o.Output, None),
    "overwrite": (o.Overwrite, False),
    "lang": (o.Lang, "en"),
    "decimals": (o.Decimals, None),
}
READING: Group = {
    "encoding": (o.Encoding, None),
    "sheet": (o.Sheet, None),
    "codebook": (o.CodebookOption, None),
    "decimal_mark": (o.DecimalMark, None),
    "header": (o.Header, None),
    "skip": (o.Skip, None),
    "kind": (o.KindOption, None),
    "keep_missing": (o.KeepMissing, False),
}
ENGINE: Group = {
    "engine": (o.Engine, "memory"),
    "spark": (o.Spark, None),
}
ROSTERS: Group = {"roster": (o.RosterOption, None)}
ROUTES: Group = {"route": (o.RouteOption, None)}


def takes(*groups: Group) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator that adds the groups' options to a command, which gets them as ``given``.

    A command that takes the design computes: it may write a manifest, and gets a ``ledger``.
    """
    computes = any(group is DESIGN or group is MANIFEST for group in groups)
    shared = {name: option for group in [*groups, *([MANIFEST] if computes else [])] for name, option in group.items()}

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        hints = get_type_hints(function, include_extras=True)
        own = [parameter for parameter in inspect.signature(function).parameters.values() if parameter.name != "given"]
        positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
        parameters = [each.replace(annotation=hints[each.name], kind=positional) for each in own]
        parameters += [
            inspect.Parameter(name, positional, default=default, annotation=annotation)
            for name, (annotation, default) in shared.items()
        ]

        def command(**values: Any) -> Any:
            _once()
            given = {name: values.pop(name) for name in shared}
            if not computes:
                return function(**values, given=given)
            ledger = RunRecord(given)
            status = function(**values, given={**given, "ledger": ledger})
            for message in dict.fromkeys(ledger.advice):
                screen.remark(message)
            ledger.write(_typed())
            return status

        command.__name__, command.__doc__ = function.__name__, function.__doc__
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return command

    return decorate


def _once() -> None:
    """Refuse an option given twice that is taken once: the last one would win without a word."""
    import click

    context = click.get_current_context(silent=True)
    if context is None:
        return
    from surveytool.cli.first_steps import twice

    options = (param for param in context.command.params if isinstance(param, click.Option))
    single = [option.opts for option in options if not option.multiple and not option.is_flag and not option.count]
    twice(_typed(), single)


def _typed() -> list[str]:
    """The command line of this run."""
    import click

    context = click.get_current_context(silent=True)
    return list(context.obj or ()) if context is not None else []


def design_of(given: Mapping[str, Any], ways: Mapping[str, Any]) -> Design:
    """The design that the options describe; ``ways`` are how respondents were found."""
    replicates = o.replicates(
        given["replicate_weights"], given["replicate_method"], fay_rho=given["fay_rho"],
        scale=given["replicate_scale"], rscales=given["replicate_rscales"], mse=given["replicate_mse"],
        factors=given["replicate_factors"],
    )  # fmt: skip
    named = ("weights", "strata", "psu", "fpc", "nest", "lonely_psu", "sample", "df", "calibrated_to", "base_weights")
    return o.design(replicates=replicates, **{name: given[name] for name in named}, **ways)


def pattern_of(given: Mapping[str, Any], *, stat: str | None, total: bool) -> Request:
    """What the requests of a command have in common."""
    return Request(
        variable="", statistic=stat, where=given["where"], base=o.base(given["base"]), interval=given["ci"],
        quantile_rule=given["quantile_rule"], level=given["level"], total=total,
        exclude=tuple(given["exclude"] or ()),
        **order_of(given),
    )  # fmt: skip


def order_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """What percentages are of, and the order of answers and groups."""
    from surveytool.survey.setting import choice

    known: dict[str, tuple[str, ...]] = {
        "percent": get_args(Percent),
        "sort": get_args(Sort),
        "sort_by": get_args(Sort),
    }
    return {
        name: choice(given[name], choices, f"--{name.replace('_', '-')}")
        for name, choices in known.items() if given.get(name) is not None
    }  # fmt: skip


def reading_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """How the file is to be read."""
    return {
        "encoding": given["encoding"], "sheet": given["sheet"], "kinds": o.kinds(given["kind"]) or None,
        "dialect": dialect_of(given), "keep_missing": bool(given["keep_missing"]), "codebook": given["codebook"],
    }  # fmt: skip


def dialect_of(given: Mapping[str, Any]) -> Dialect:
    """How the options say that a text file or workbook is written."""
    from surveytool.reading.loaded import Dialect
    from surveytool.survey.setting import choice

    mark = given["decimal_mark"]
    return Dialect(
        decimal_mark=None if mark is None else choice(mark, (".", ","), "--decimal-mark"),
        header=given["header"], skip=given["skip"],
    )  # fmt: skip


def read_whole(source: str, given: Mapping[str, Any], design: Design | None = None, *, stream: bool = False) -> Survey:
    """A data file with all its columns; ``stream`` as in ``read``.

    Raises ``UnknownVariable`` where ``--kind`` names one that it does not have.
    """
    from surveytool.reading import read

    survey = read(source, design=design, stream=stream, **reading_of(given))
    known_kinds(given, survey)
    return survey


def open_whole(
    source: str, given: Mapping[str, Any], weights: str | None = None, *, stream: bool = False
) -> tuple[Survey, Study | None]:
    """A data file, or a study with its recodes, routes, labels and the rows that count; and the study, None of a file.

    ``weights`` are those of the command line. The labels speak the language that is given, else the study's own.
    Nothing is withheld: what is made of it is no table. Raises as ``read`` and ``open_study``.
    """
    if not source.lower().endswith(".toml"):
        return read_whole(source, given, Design(weights=weights), stream=stream), None
    from pathlib import Path

    from surveytool.study import load_study, open_study

    study = load_study(Path(source))
    asked = study_reading(given, replace(study.design, weights=weights) if weights is not None else study.design)
    survey = open_study(study, language=given.get("lang"), reading=asked, gate=False, stream=stream)
    known_kinds(given, survey)
    return survey, study


def study_reading(given: Mapping[str, Any], design: Design) -> Reading:
    """How the options say that the data of a study are to be read."""
    from surveytool.study.study_survey import Reading

    asked = reading_of(given)
    return Reading(
        design=design, encoding=asked["encoding"], sheet=asked["sheet"], kinds=asked["kinds"] or {},
        dialect=asked["dialect"], keep_missing=asked["keep_missing"], codebook=asked["codebook"],
    )  # fmt: skip


def known_kinds(given: Mapping[str, Any], survey: Survey) -> None:
    """Refuse ``--kind`` of a variable that there is not."""
    for name in o.kinds(given["kind"]) or {}:
        if name not in survey.codebook:
            raise UnknownVariable(name, survey.codebook, "--kind")


def target_of(given: Mapping[str, Any], source: str) -> Target:
    """Where the output goes, checked."""
    target = Target(given["format"], given["output"], given["overwrite"], given["lang"], source)
    target.check()
    return target
