"""Whether a model may be seen: the usual rules of safe settings, on the respondents that it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from surveytool.disclosure_control.protection import Protection
from surveytool.errors import UsageError
from surveytool.estimate.result import Model, Support

MOST_NAMES = 8


def supported(model: Model, rules: Protection) -> Model:
    """The model itself. Raises ``UsageError`` where it rests on too few respondents.

    At least ``base`` respondents more than coefficients and in every group, and no answer
    of fewer than ``cell`` where one could be reckoned.
    """
    if model.n - len(model.terms) < rules.base:
        raise UsageError(
            "the model rests on too few respondents to be published.", "--protect",
            "Use fewer terms or a wider condition.",
        )  # fmt: skip
    few = [each for each in model.support if _few(each, rules)]
    if few:
        raise UsageError(
            too_few(few, model), "--protect", "Join groups (a recode of type collapse) or leave a term out."
        )
    return model


def _few(group: Support, rules: Protection) -> bool:
    """Whether a group, or one of its answers, is too small to be told of."""
    answers = () if group.gave is None else (group.gave, group.n - group.gave)
    return group.n < rules.base or any(answer < rules.cell for answer in answers)


def too_few(groups: Sequence[Support], model: Model) -> str:
    """Which groups cannot stand in a model."""
    names = [group.group or model.outcome for group in groups]
    shown = ", ".join(names[:MOST_NAMES]) + (" and others" if len(names) > MOST_NAMES else "")
    return f"too few respondents to be published: {shown}."
