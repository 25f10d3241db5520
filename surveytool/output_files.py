"""Files out: never half-written, never over an existing one unless told."""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from surveytool.errors import UsageError

T = TypeVar("T")
ASIDE = ".surveytool."
DAY = 86_400.0


def check_target(path: Path, *, overwrite: bool, source: Path | None = None) -> None:
    """Refuse a target that cannot be written, before anything is computed."""
    try:
        _check(path, overwrite, source)
    except (OSError, ValueError) as error:  # a name that is too long, or none
        reason = getattr(error, "strerror", None) or "that is no file name"
        raise UsageError(f"cannot be written ({reason}).", str(path), "Name another file.") from error


def check_folder(folder: Path) -> None:
    """Refuse a folder that can neither be used nor be made, before anything is computed."""
    try:
        standing = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
        usable = standing.is_dir() and os.access(standing, os.W_OK)
    except (OSError, ValueError, StopIteration):
        usable = False
    if not usable:
        raise UsageError("the folder cannot be made or written to.", str(folder), "Name another place.")


def ready_folder(folder: Path) -> None:
    """Make a folder for several outputs, with those above it; ``UsageError`` where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "that is no folder name"
        raise UsageError(f"the folder cannot be made ({reason}).", str(folder), "Name another place.") from error


def _check(path: Path, overwrite: bool, source: Path | None) -> None:
    if path.is_dir():
        raise UsageError("is a folder.", str(path), "Name a file.")
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        raise UsageError("is the data file itself.", str(path), "Name another file.")
    if path.exists() and not path.is_file():
        raise UsageError("is no regular file.", str(path), "Name another file, or leave -o out.")
    if os.path.lexists(path) and not overwrite:
        raise UsageError("exists already.", str(path), "Name another file, or add --overwrite.")
    folder = path.parent
    if not folder.is_dir():
        raise UsageError(f"the folder {str(folder)!r} does not exist.", str(path), "Make it first.")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"the folder {str(folder)!r} cannot be written to.", str(path), "Name another place.")


def write(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write aside, then rename; what was there before stays until the new file is whole."""
    write_by(path, lambda file: file.write(content), overwrite=overwrite)


def write_by(path: Path, fill: Callable[[BinaryIO], T], *, overwrite: bool = False) -> T:
    """``write`` what ``fill`` puts into a file, piece by piece; gives back what ``fill`` does.

    Raises ``UsageError``.
    """
    check_target(path, overwrite=overwrite)
    sweep(path.parent)
    aside = None
    try:
        handle, aside = tempfile.mkstemp(prefix=f"{ASIDE}{_host()}.{os.getpid()}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            filled = fill(file)
        os.chmod(aside, _mode(path))
        _put(aside, path, overwrite)
        return filled
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror or 'unknown reason'}).", str(path), "Name another place."
        ) from error
    finally:
        if aside is not None:
            with suppress(OSError):
                os.unlink(aside)


def sweep(folder: Path) -> None:
    """Remove what killed runs have left aside in a folder; of runs that may still be going nothing is touched.

    That is a file of a process of this machine that is gone, or one older than a day.
    """
    with suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.startswith(ASIDE) and entry.is_file(follow_symlinks=False) and _left_over(entry):
                with suppress(OSError):
                    os.unlink(entry.path)


def _left_over(entry: os.DirEntry[str]) -> bool:
    if time.time() - entry.stat(follow_symlinks=False).st_mtime > DAY:
        return True
    host, _, rest = entry.name.removeprefix(ASIDE).partition(".")
    number = rest.partition(".")[0]
    return host == _host() and number.isdigit() and _gone(int(number))


def _gone(process: int) -> bool:
    """Whether a process of this machine has ended; where that cannot be told without harm it has not."""
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _host() -> str:
    """A mark of this machine, so that process numbers of another are not taken for its own."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _put(aside: str, path: Path, overwrite: bool) -> None:
    """The whole file to its name; one that another run wrote meanwhile stays unless it may be replaced."""
    if not overwrite:
        try:
            os.link(aside, path)
            return
        except FileExistsError:
            raise UsageError("exists already.", str(path), "Name another file, or add --overwrite.") from None
        except OSError:  # a file system without links
            if os.path.lexists(path):
                raise
    os.replace(aside, path)


def _mode(path: Path) -> int:
    """The file's own permissions if it exists, else what the umask allows."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
