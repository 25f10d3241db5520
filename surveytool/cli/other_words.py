"""The words of other programs and languages for our options and commands: who types theirs is told ours.

Words of R's survey, Stata's svy, SPSS Complex Samples, and of people: ``docs/glossary.md`` has them side by side.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from surveytool.cli.first_steps import option_told

# ours -> theirs, without dashes
OPTIONS: dict[str, str] = {
    "--weights": "weight wt wts wgt pweight pw iweight fweight aweight probs weightvar sampweight peso ponderador "
    "ponderacion fexp poids ponderation weighted svyset",
    "--strata": "stratum strat stratavar estrato estratos strate strates svyset",
    "--psu": "psus cluster clusters clusterid id ids upm su ssu conglomerado grappe grappes svyset",
    "--fpc": "finite-population popsize population-size inclprob",
    "--replicate-weights": "repweights repweight repwgt replicates brrweight jkrweight bsrweight sdrweight rw",
    "--replicate-method": "vce variance method repmethod",
    "--fay-rho": "fay rho",
    "--replicate-mse": "mse",
    "--replicate-scale": "scale",
    "--replicate-rscales": "rscales coefficients replicate-coefficients",
    "--lonely-psu": "lonely singleunit single-unit lonely.psu adjust",
    "--by": "group groups groupby group-by over class break cross crossby columns cols banner svyby breakdown subgroup",
    "--where": "if filter subset subpop subpopulation domain select condition query",
    "--stat": "stats statistic statistics measure show",
    "--ci": "interval confint cimethod ci-method",
    "--level": "alpha conf confidence conf-level cilevel ci-level",
    "--base": "denominator missing na na-rm",
    "--standardize": "stdize standard direct age-adjust",
    "--format": "type to output-format",
    "--output": "out outfile outputfile save export file",
    "--lang": "language locale idioma langue",
    "--decimals": "digits precision round dp",
    "--margin": "margins control controls target targets population totals",
    "--min-cell": "mincell min-n cell-size threshold suppress",
    "--kind": "var-type vartype measurement-level",
    "--no-total": "nototal no-totals",
    "--test": "tests ttest chisq chi2",
}
COMMANDS: dict[str, str] = {
    "summarize": "summary summarise tabulate tab table tables crosstab crosstabs xtab freq freqs frequencies svymean "
    "svytable svyby svytotal mean means proportion proportions total csdescriptives cstabulate topline describe",
    "doubt": "simulate simulation coverage bootstrap",
    "compare": "test ttest svyttest svychisq chisq chi2 difference differences diff anova",
    "rds": "recruitment respondent-driven homophily seeds waves coupons",
    "model": "regress regression reg glm svyglm logit logistic poisson linear csglm cslogistic",
    "chart": "plot graph figure draw visualize visualise",
    "check": "validate lint inspect doctor",
    "new": "init create start draft template",
    "convert": "export import save translate",
    "weight": "weights rake raking calibrate calibration poststratify post-stratify postratify trim",
    "codebook": "variables dictionary labelbook labels info",
    "reproduce": "verify claims replicate claim",
    "adjust": "nonprob nonprobsvy ipw impute propensity nonprobability",
    "proofread": "statcheck proof proofreading corrections",
    "report": "document publish",
    "example": "examples demo sample tutorial datasets load trial",
    "explain": "term terms glossary error errors note notes define definition what",
    "indicators": "indicator scores score index indices fcs rcsi",
    "clean": "cleaning clean-data cleaning-log apply-log",
}


def ours(word: str, known: Collection[str], words: dict[str, str]) -> Sequence[str]:
    """Our names for another program's word, those that the running command has.

    >>> ours("--cluster", {"--psu", "--by"}, OPTIONS), ours("crosstab", COMMANDS, COMMANDS)
    (['--psu'], ['summarize'])
    """
    plain = word.lstrip("-").lower().replace("_", "-")
    return [name for name, theirs in words.items() if plain in theirs.split() and name in known]


def suggestion(wrong: Exception) -> str | None:
    """What to say of an option or a command that has another name here; None where nothing is known."""
    from click.exceptions import NoSuchOption, UsageError

    context = getattr(wrong, "ctx", None)
    if context is None:
        return None
    if isinstance(wrong, NoSuchOption):
        known = {name for param in context.command.params for name in param.opts}
        told = option_told(wrong.option_name, context.command_path)
        names = ours(wrong.option_name, known, OPTIONS)
        return told or _told(f"No such option {wrong.option_name!r}.", names)
    if isinstance(wrong, UsageError) and "No such command" in wrong.message:
        typed = wrong.message.split("'")[1]
        return _told(f"No such command {typed!r}.", ours(typed, COMMANDS, COMMANDS))
    return None


def _told(what: str, names: Sequence[str]) -> str | None:
    from surveytool.errors import did_you_mean

    return f"{what} {did_you_mean(list(names))}" if names else None
