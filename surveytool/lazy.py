"""Names of a room that are imported when they are first used.

A room's ``__init__`` says where its public names stand; the files behind them
load when somebody asks, so that ``--help`` and a first table load no more than they need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def lazy_names(room: str, homes: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a room: ``homes`` is the names that stand in each of its files.

    The function raises ``AttributeError`` for any other name, as Python does.

    >>> lazy_names("surveytool.text", {"number": ["percent"]})("percent").__name__
    'percent'
    """
    files = {name: file for file, names in homes.items() for name in names}

    def attribute(name: str) -> Any:
        if name not in files:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(import_module(f"{room}.{files[name]}"), name)

    return attribute


def registered(room: str, address: str) -> Any:
    """What a registry's ``module:object`` names in a room; the module itself where no object is named.

    >>> registered("surveytool.text", "number:percent").__name__
    'percent'
    """
    module, _, name = address.partition(":")
    module_object = import_module(f"{room}.{module}")
    return getattr(module_object, name) if name else module_object
