"""``surveytool weight``: weights that meet what is known of the population, as a new column."""

from __future__ import annotations

import json
import os
from collections.abc import Container, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveytool.cli import options as o
from surveytool.cli import screen, weight_places, weight_steps
from surveytool.cli import weight_options as w
from surveytool.cli.command_source import typed
from surveytool.cli.convert import WithIdentifiers, refuse_identifiers
from surveytool.cli.option_groups import READING, open_whole, study_reading, takes
from surveytool.errors import UsageError

if TYPE_CHECKING:
    from surveytool.study.study_file import Study
    from surveytool.survey import Survey
    from surveytool.text import Words
    from surveytool.weighting import Made, Margin


@takes(READING)
def weight(
    source: w.In,
    given: Mapping[str, Any],
    output: w.Out = None,
    margin: w.MarginOption = None,
    margins: w.MarginsFile = None,
    margins_from: w.MarginsFrom = None,
    covariance: w.Covariance = None,
    reference_weights: w.ReferenceWeights = None,
    reference_psu: w.ReferencePsu = None,
    reference_strata: w.ReferenceStrata = None,
    reference_method: w.ReferenceMethod = None,
    method: w.Method = None,
    bounds: w.Bounds = None,
    trim: w.Trim = None,
    size: w.Size = None,
    name: w.Name = None,
    replicates: w.ReplicatesOption = None,
    seed: w.Seed = None,
    fay_rho: w.FayRho = None,
    compare: w.Compare = None,
    report: w.ReportFile = None,
    counts: w.CountsFile = None,
    crossings: w.Crossings = None,
    weights: o.Weights = None,
    strata: o.Strata = None,
    psu: o.Psu = None,
    fpc: o.Fpc = None,
    lonely_psu: o.Lonely = "fail",
    with_identifiers: WithIdentifiers = False,
    overwrite: o.Overwrite = False,
    lang: o.Lang = "en",
) -> None:
    """Make weights: rake, post-stratify or calibrate to margins, and trim; or the steps of a study, with replicates.

    Of a study file margins may be of its recodes; written is its data file with the new column. A study with
    [[weights.steps]] takes its steps, and each replicate goes through all of them.

    With --counts people were met at places and times: weights are one over the chance of meeting them.

    surveytool weight transit.sav -w weight --margin 'sex: Male=0.55, Female=0.45' -o weighted.sav
    """
    named = [text for text in margin or () if "=" not in text]
    request: dict[str, Any] = {
        "margins_from": margins_from, "covariance": covariance, "reference_weights": reference_weights,
        "reference_psu": tuple(reference_psu or ()), "reference_strata": reference_strata,
        "reference_method": reference_method, "replicates": replicates, "seed": seed, "fay_rho": fay_rho,
        "compare": tuple(compare or ()), "margin_names": tuple(named) if margins_from is not None else (),
        "name": name, "method": method, "size": size, "base": weights,
        "bounds": _pair(bounds, "--bounds"), "trim": _pair(trim, "--trim"),
    }  # fmt: skip
    target = weight_steps.Target(
        output=output, report=report, overwrite=overwrite, with_identifiers=with_identifiers, lang=lang
    )
    weight_steps.check(source, target)
    if counts is not None:
        weight_places.run(source, given, counts, crossings, target, name)
        return
    plain = [text for text in margin or () if text not in request["margin_names"]]
    written = _margins(plain, None if margins_from is not None else margins, ())  # refused before the data are read
    design = o.design(
        weights=weights, strata=strata, psu=psu, fpc=fpc, nest=True, replicates=None, lonely_psu=lonely_psu,
        sample="probability", df=None, calibrated_to=None, base_weights=None,
    )  # fmt: skip
    if weight_steps.staged(source, request, report, written):
        request |= {"margins": written if margins is None or plain else (), "margins_file": margins}
        weight_steps.run(source, given, request, design, target)
        return
    if output is None:
        raise UsageError("no file is named to write.", "-o", "Write for example -o weighted.sav")
    _plain(source, given, (plain, margins), request, target)


def _plain(
    source: str, given: Mapping[str, Any], margins: tuple[list[str], Path | None], request: Mapping[str, Any],
    target: weight_steps.Target,
) -> None:  # fmt: skip
    """One calibration of a file or study, and the file with the new column."""
    from surveytool.output_files import check_target, write
    from surveytool.reading import sidecar
    from surveytool.text import words
    from surveytool.weighting import Wanted, make, weighted
    from surveytool.writing import save
    from surveytool.writing.sheet import sheet_of

    output, lang, overwrite = target.output, target.lang, target.overwrite
    assert output is not None
    name = request["name"] or "calibrated_weight"
    survey, study = open_whole(source, {**given, "lang": lang if typed("lang") else None}, request["base"])
    asked = _margins(*margins, survey.codebook)
    default = "raking" if any(each.number for each in asked) else "rake"
    wanted = Wanted(
        margins=asked, method=request["method"] or default, size=request["size"], bounds=request["bounds"],
        trim=request["trim"],
    )  # fmt: skip
    said = words(study.language if study is not None and not typed("lang") else lang)
    if study is not None:
        check_target(output, overwrite=overwrite, source=study.data_path)
    if name in survey.codebook:
        raise UsageError(f"{name} is a column already.", "--name", "Choose another name.")
    made = make(survey, wanted)
    laid = sheet_of(weighted(_home(survey, study, given), made, name))
    if not target.with_identifiers:
        refuse_identifiers(survey, laid, "first: surveytool convert IN OUT {drops}")
    saved = save(laid, output)
    write(output, saved.content, overwrite=overwrite)
    if saved.codebook is not None:
        write(sidecar.place(output), saved.codebook, overwrite=overwrite)
    _tell(made, name, output, said, study)
    for note in saved.notes:
        screen.remark(said.say(note))


def _home(survey: Survey, study: Study | None, given: Mapping[str, Any]) -> Survey:
    """What is written: of a study its data as the file describes them, so that the study can read them again."""
    if study is None:
        return survey
    from surveytool.study.study_survey import as_the_file_says

    return as_the_file_says(study, survey, study_reading(given, study.design))


def _margins(texts: list[str] | None, file: Path | None, known: Container[str]) -> tuple[Margin, ...]:
    from surveytool.weighting import read_margins, written_margin

    return (*(written_margin(text, known) for text in texts or ()), *(read_margins(file) if file is not None else ()))


def _pair(text: str | None, option: str) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        low, high = (float(each) for each in text.split(","))
    except ValueError:
        raise UsageError(f"{text!r} is not LOW,HIGH.", option, f"Write for example {option} 0.3,3") from None
    return low, high


def _tell(made: Made, name: str, output: Path, said: Words, study: Study | None) -> None:
    """The summary of the weights, and how to use them so that the margins count in the variance."""
    number = said.number
    screen.remark(
        said.fill(
            "weight_made", path=output, name=name, n=made.n, total=number(made.total, 1),
            low=number(made.smallest, 3), high=number(made.largest, 3),
            ratio=number(made.largest / made.smallest, 1) if made.smallest > 0 else "∞", deff=number(made.deff, 3),
            effective=number(made.effective_n, 1), factor_low=number(made.factor_low, 3),
            factor_high=number(made.factor_high, 3),
        )
    )  # fmt: skip
    if made.growth != 1:
        screen.remark(said.fill("weight_scaled", factor=number(made.growth, 3)))
    if made.gap > 1e-6:
        screen.remark(said.fill("weight_gap", gap=number(100 * made.gap, 2)))
    if study is not None:
        screen.remark(said.fill("weight_study", study=study.path, settings=_settings(made, name, output, study)))
        return
    if made.calibrated is None:
        screen.remark(said.word("weight_fixed"))
        return
    margins = " ".join(f"--calibrated-to {margin}" for margin in made.calibrated.margins)
    base = f" --base-weights {made.calibrated.base_weights}" if made.calibrated.base_weights else ""
    screen.remark(said.fill("weight_use", options=f"-w {name}{base} {margins}"))


def _settings(made: Made, name: str, output: Path, study: Study) -> str:
    """What the study says from now on: its data, its weights, and the margins that its variance has to know."""
    path = json.dumps(Path(os.path.relpath(output, study.path.parent)).as_posix(), ensure_ascii=False)
    lines = f"[data] path = {path}, [design] weights = {json.dumps(name, ensure_ascii=False)}"
    if made.calibrated is None:
        return lines
    margins = json.dumps(list(made.calibrated.margins), ensure_ascii=False)
    base = made.calibrated.base_weights
    told = f", base_weights = {json.dumps(base, ensure_ascii=False)}" if base else ""
    return f"{lines}, calibrated = {{margins = {margins}{told}}}"
