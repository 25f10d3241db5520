"""``surveytool codebook``: what a file's variables are, before anything is computed."""

from __future__ import annotations

from surveytool.cli import options as o


def codebook(
    source: o.Source,
    variables: o.Variables = None,
    format: o.Format = None,
    output: o.Output = None,
    overwrite: o.Overwrite = False,
    lang: o.Lang = "en",
    encoding: o.Encoding = None,
    sheet: o.Sheet = None,
    kind: o.KindOption = None,
) -> None:
    """Variables, labels, levels, missing kinds and counts of a data file."""
    from surveytool.cli.output import Target
    from surveytool.reading import read
    from surveytool.render import render_codebook

    target = Target(format, output, overwrite, lang, source)
    target.check()
    survey = read(source, columns=variables or None, encoding=encoding, sheet=sheet, kinds=o.kinds(kind) or None)
    target.write(render_codebook(survey, target.format, target.words, width=target.width, colour=target.colour))
