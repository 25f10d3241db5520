"""Names of columns that are the options of one question, as platforms number them.

REDCap writes ``apps___1`` or ``Which apps? (choice=Radio)``, LimeSurvey ``apps[SQ001]``, Qualtrics and many others
``apps_1``, SurveyMonkey ``question/option``. A name alone proves nothing: what the columns hold decides
(``option_families``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from surveytool.frozen import frozen

NameForm = Literal["redcap", "limesurvey", "path", "numbered", "worded"]
LONGEST = 500  # letters of a name; a longer one is no option's
_FORMS: tuple[tuple[NameForm, str], ...] = (
    ("redcap", r"(?P<stem>.*\w)___(?P<option>\w{1,40})"),
    ("redcap", r"(?P<stem>.*\S) ?\(choice=(?P<option>.{1,200})\)"),
    ("limesurvey", r"(?P<stem>.*[\w?.:)]) ?\[(?P<option>[^\[\]]{1,120})\]"),
    ("path", r"(?P<stem>.*[^/])/(?P<option>[^/]+)"),
    ("numbered", r"(?P<stem>.*[A-Za-z]\w*?)[_.](?P<option>\d{1,3})"),
    ("worded", r"(?P<stem>.*\w)_(?P<option>[^\W_]{1,40})"),
)


@frozen
class Siblings:
    """Columns of one stem, in the order of the file."""

    stem: str
    form: NameForm
    columns: tuple[str, ...]
    options: tuple[str, ...]


def split_name(name: str) -> tuple[NameForm, str, str] | None:
    """The form, the stem and the option of a name.

    >>> split_name("apps___2"), split_name("Q2[SQ001]"), split_name("apps_12"), split_name("Race (choice=White)")
    (('redcap', 'apps', '2'), ('limesurvey', 'Q2', 'SQ001'), ('numbered', 'apps', '12'), ('redcap', 'Race', 'White'))
    """
    for form, pattern in _FORMS:
        match = re.fullmatch(pattern, name) if len(name) <= LONGEST else None
        if match:
            return form, match["stem"], match["option"]
    return None


def siblings(names: Sequence[str]) -> tuple[Siblings, ...]:
    """Two and more columns of one form and stem, three where options are words; no column is called as the stem."""
    found: dict[tuple[NameForm, str], list[tuple[str, str]]] = {}
    known = set(names)
    for name in names:
        split = split_name(name)
        if split is not None and split[1] not in known:
            found.setdefault(split[:2], []).append((name, split[2]))
    _slashes(found)
    return tuple(
        Siblings(stem=stem, form=form, columns=tuple(name for name, _ in held), options=tuple(one for _, one in held))
        for (form, stem), held in found.items()
        if len(held) >= (3 if form == "worded" else 2)
    )


def _slashes(found: dict[tuple[NameForm, str], list[tuple[str, str]]]) -> None:
    """An option with a slash of its own ("Radio/TV") goes to the question whose other options have none."""
    for form, stem in [key for key, held in found.items() if key[0] == "path" and len(held) == 1]:
        shorter, sign, end = stem.rpartition("/")
        if sign and (form, shorter) in found:
            ((name, option),) = found.pop((form, stem))
            found[form, shorter].append((name, f"{end}/{option}"))
