"""A package that surveytool needs and does not find: one line, with the command that brings it."""

from __future__ import annotations

import sys
from importlib.util import find_spec

MISSING = 3
# Packages that are imported under another name than pip knows.
PIP_NAMES = {
    "docx": "python-docx", "xlsxwriter": "XlsxWriter", "dateutil": "python-dateutil", "PIL": "pillow",
    "mpl_toolkits": "matplotlib", "pptx": "surveytool[page]",
}  # fmt: skip


def missing(error: ImportError) -> str | None:
    """What to say of an import that failed; None where the fault is one of surveytool's own files.

    >>> missing(ModuleNotFoundError("No module named 'not_there.part'", name="not_there.part"))
    'the package not-there is not installed here. Install it with: pip install not-there'
    >>> missing(ImportError("cannot import name 'x'", name="surveytool.text")) is None
    True
    """
    top = (error.name or "").partition(".")[0]
    if top in ("", "surveytool") or top in sys.stdlib_module_names:
        return None
    package = PIP_NAMES.get(top, top.replace("_", "-"))
    if isinstance(error, ModuleNotFoundError) and not _there(top):
        return f"the package {package} is not installed here. Install it with: pip install {package}"
    return f"the package {package} is broken or too old. Install it anew with: pip install --force-reinstall {package}"


def _there(top: str) -> bool:
    try:
        return find_spec(top) is not None
    except (ImportError, ValueError):
        return False
