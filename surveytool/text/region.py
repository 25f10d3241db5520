"""Number marks of a region as CLDR has them: decimal mark, thousands mark, where the percent sign stands."""

from __future__ import annotations

from surveytool.errors import UsageError


def region_marks(language: str) -> dict[str, str]:
    """The marks of a region by their names in ``[format]``. Raises ``UsageError`` for a region that CLDR does not know.

    >>> region_marks("es-HN"), region_marks("es-AR")["decimal"]
    ({'decimal': '.', 'thousands': ',', 'percent': '{}%'}, ',')
    """
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise UsageError(f"no region is called {language!r}.", "--lang", "Write for example es-HN or fr-CA") from error
    symbols = locale.number_symbols["latn"]  # digits stay 0 to 9: tables are read by programs and people of all regions
    percent = locale.percent_formats[None].pattern.partition(";")[0]
    number = percent.strip("%\u00a0\u202f\u200e\u200f\u061c ")
    return {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "percent": percent.replace(number, "{}"),
    }
