"""Bytes as text: what the file itself says, UTF-8, or what its letters look like; two texts never become one.

A file that is UTF-8 but for single bytes is read as UTF-8, and those bytes as
Windows would write them, which is said: Excel and copied columns make such files.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from surveytool.errors import UnreadableData
from surveytool.notes import Note, note
from surveytool.reading.text_layout import SAMPLE

# encodings that survey files have come in; what a detector may name
KNOWN = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "cp932", "gb18030",
    "big5hkscs", "cp949", "euc_jis_2004", "mac-roman", "koi8-r", "koi8-u", "cp866", "cp850",
)  # fmt: skip
LATIN = ("cp1250", "cp1254", "cp1257")  # alphabets that share most letters with Western Europe's
CLEARER = 1.25  # how much likelier one of these must be: a few names decide between them
NAMES = {
    "cp1252": "Latin-1", "cp932": "Shift-JIS", "cp949": "EUC-KR (Windows-949)", "mac-roman": "Mac Roman",
    "big5hkscs": "Big5", "euc_jis_2004": "EUC-JP", "cp850": "DOS 850", "cp866": "DOS 866", "koi8-r": "KOI8-R",
    "koi8-u": "KOI8-U", "utf-8": "UTF-8", "gb18030": "GB 18030",
}  # fmt: skip
_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LINES = re.compile(rb"[^\n\r]*[\x80-\xff][^\n\r]*")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LOST = "\ufffd"


def decoded(path: Path, content: bytes, encoding: str | None) -> tuple[str, tuple[Note, ...]]:
    """The text by the encoding given, by its byte order mark, as UTF-8, else by its letters, and what to say."""
    if encoding is not None:
        return _as(path, content, encoding), ()
    sure = _marked(path, content)
    if sure is not None:
        text = _as(path, content, sure)
        return text, (note("encoding", encoding="UTF-16"),) if sure.startswith("utf-16") else ()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(path, content)
    return text, (note("letters_lost", n=text.count(LOST)),) if LOST in text else ()


def _marked(path: Path, content: bytes) -> str | None:
    """The encoding that the first bytes show; None where they do not."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    zeros = content[:SAMPLE].count(0)
    if zeros and zeros * 3 < min(len(content), SAMPLE):
        raise UnreadableData("holds NUL bytes and is no text file.", str(path), "Export the data again.")
    return None if not zeros else "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"


def _guessed(path: Path, content: bytes) -> tuple[str, tuple[Note, ...]]:
    alone = stray_bytes(content)
    if alone is not None:
        text = content.decode("utf-8", errors=_STRAY)
        if LOST not in text:
            return text, (note("stray_bytes", n=alone),)
    name = detected(content)
    return _as(path, content, name), (note("encoding", encoding=shown(name)),)


def stray_bytes(content: bytes) -> int | None:
    """How many bytes are no UTF-8 in a file that is; None where it is not, or all of it is.

    >>> stray_bytes("S\u00e3o Paulo, Bogot\u00e1, M\u00e9xico, Bogot".encode() + b"\\xe1"), stray_bytes(b"Bogot\\xe1")
    (1, None)
    """
    whole = len(_LETTER.findall(content))
    if not whole:
        return None
    stray = len(re.findall(rb"[\x80-\xff]", _LETTER.sub(b"", content)))
    return stray if 0 < stray <= whole else None


def _windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.start + 1].decode("cp1252", errors="replace"), error.start + 1


_STRAY = "surveytool.windows"
codecs.register_error(_STRAY, _windows)


def detected(content: bytes) -> str:
    """The encoding that the lines with other than English letters look like."""
    import chardet

    lines: list[bytes] = []
    for line in _LINES.finditer(content):
        lines.append(line.group())
        if len(lines) >= 2000:
            break
    sample = b"\n".join(lines)[:SAMPLE]
    ranked = chardet.detect_all(sample, ignore_threshold=True, compat_names=False, include_encodings=KNOWN)
    likely = {str(guess["encoding"]): float(guess["confidence"]) for guess in ranked if guess["encoding"]}
    found = next(iter(likely), "cp1252")
    if found in LATIN and likely[found] < CLEARER * likely.get("cp1252", 0.0):
        found = "cp1252"
    return "cp1252" if found != "cp1252" and _same(sample, found, "cp1252") else str(found)


def _same(sample: bytes, one: str, other: str) -> bool:
    return sample.decode(one, errors="replace") == sample.decode(other, errors="ignore")


def shown(name: str) -> str:
    """An encoding's name as people know it."""
    return NAMES.get(name) or name.replace("cp125", "Windows-125")


def _as(path: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableData(
            f"is not text in the encoding {shown(encoding)}.", str(path), "Name another with --encoding."
        ) from None
    except LookupError:
        raise unknown(path, encoding) from None


def unknown(path: Path, encoding: str) -> UnreadableData:
    """The error for an encoding that there is not."""
    return UnreadableData(
        f"no encoding is called {encoding!r}.", str(path), "Write for example --encoding latin-1"
    )  # fmt: skip
