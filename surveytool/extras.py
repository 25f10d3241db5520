"""Optional packages: import one, or say in one line how to get it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from surveytool.errors import UsageError


def need(module: str, extra: str, purpose: str) -> ModuleType:
    """Import ``module``, or raise ``UsageError`` with the install hint of ``extra``."""
    try:
        return import_module(module)
    except ImportError as missing:
        raise UsageError(
            f"{purpose} needs the package {module}.",
            cure=f"Install it with: pip install 'surveytool[{extra}]'",
        ) from missing
