"""The language of outputs where none is typed and the study names none: of the environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

OWN = "SURVEYTOOL_LANG"
SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")  # as gettext looks at them
SEVERAL = ("report",)  # commands that take several languages


def default_language(environment: Mapping[str, str]) -> str | None:
    """``SURVEYTOOL_LANG``, else the system's language where there are words of it; None where it is English or none.

    Raises ``UsageError`` for a ``SURVEYTOOL_LANG`` without words.

    >>> default_language({"LANG": "es_HN.UTF-8"}), default_language({"LANG": "de_DE.UTF-8"}), default_language({})
    ('es-HN', None, None)
    """
    if environment.get(OWN):
        from surveytool.errors import UsageError
        from surveytool.text import spoken

        try:
            spoken(environment[OWN])
        except UsageError as error:
            raise UsageError(error.message, OWN, error.cure) from error
        return environment[OWN].replace("_", "-")
    system = next((environment[name] for name in SYSTEM if environment.get(name)), "")
    code = system.partition(".")[0].partition("@")[0].replace("_", "-")
    base = code.partition("-")[0]
    if base in ("", "C", "POSIX", "en"):
        return None
    from surveytool.text import LANGUAGES

    return code if base in LANGUAGES else None


def language_defaults(commands: Iterable[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """The default of ``--lang`` for every command, as click takes defaults; empty where the environment says none."""
    language = default_language(environment)
    if language is None:
        return {}
    return {name: {"lang": [language] if name in SEVERAL else language} for name in (*commands, "look")}
