"""Files out: whole or not at all, never over another unless told, refused in one line before anything is computed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from surveytool.errors import UsageError
from surveytool.output_files import check_folder, check_target, ready_folder, write, write_by


def left(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"numbers")
    assert (tmp_path / "a.txt").read_bytes() == b"numbers"
    assert left(tmp_path) == ["a.txt"]


def test_what_fails_half_way_leaves_nothing_and_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fill(file: object) -> None:
        file.write(b"new")  # type: ignore[attr-defined]
        raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match=r"cannot be written \(No space left on device\)\. Name another place\."):
        write_by(path, fill, overwrite=True)
    assert path.read_text() == "old"
    assert left(tmp_path) == ["a.txt"]


def test_it_gives_back_what_was_made(tmp_path: Path) -> None:
    assert write_by(tmp_path / "a.txt", lambda file: file.write(b"12345")) == 5


def test_an_existing_file_stays_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(UsageError, match=r"exists already\. Name another file, or add --overwrite\."):
        write(path, b"new")
    assert path.read_text() == "old"
    write(path, b"new", overwrite=True)
    assert path.read_text() == "new"


def test_a_file_that_another_run_wrote_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    def fill(file: object) -> None:
        path.write_text("theirs")

    with pytest.raises(UsageError, match="exists already"):
        write_by(path, fill)
    assert path.read_text() == "theirs"
    assert left(tmp_path) == ["a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_permissions_are_the_files_own_or_those_of_the_umask(tmp_path: Path) -> None:
    kept, new = tmp_path / "kept.txt", tmp_path / "new.txt"
    kept.write_text("old")
    kept.chmod(0o640)
    before = os.umask(0o027)
    try:
        write(kept, b"x", overwrite=True)
        write(new, b"x")
    finally:
        os.umask(before)
    assert (kept.stat().st_mode & 0o777, new.stat().st_mode & 0o777) == (0o640, 0o640)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "is a folder. Name a file."),
        ("data.csv", "is the data file itself. Name another file."),
        ("none/a.txt", "does not exist. Make it first."),
        ("x" * 300, "cannot be written (File name too long). Name another file."),
    ],
)
def test_a_target_that_cannot_be_is_refused_in_one_line(name: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("a\n1\n")
    with pytest.raises(UsageError) as refused:
        check_target(tmp_path / name, overwrite=True, source=tmp_path / "data.csv")
    assert told in str(refused.value)
    assert refused.value.exit_status == 2


def test_a_folder_is_made_with_those_above_it_or_refused(tmp_path: Path) -> None:
    ready_folder(tmp_path / "a" / "b")
    ready_folder(tmp_path / "a" / "b")
    check_folder(tmp_path / "a" / "c" / "d")
    (tmp_path / "file").write_text("")
    for refuse in (check_folder, ready_folder):
        with pytest.raises(UsageError, match="the folder cannot be made"):
            refuse(tmp_path / "file" / "c")


def aside(folder: Path, name: str, *, days: float = 0.0) -> Path:
    path = folder / name
    path.write_bytes(b"half")
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
    return path


@pytest.mark.skipif(os.name != "posix", reason="process numbers of this machine")
def test_what_a_killed_run_left_is_swept_and_a_running_one_is_left_alone(tmp_path: Path) -> None:
    from surveytool.output_files import _host

    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    killed = aside(tmp_path, f".surveytool.{_host()}.{ended.stdout.strip()}.abc")
    going = aside(tmp_path, f".surveytool.{_host()}.{os.getppid()}.abc")
    elsewhere = aside(tmp_path, f".surveytool.0badcafe.{ended.stdout.strip()}.abc")
    old = aside(tmp_path, ".surveytool.k3j2h", days=2)
    lock = aside(tmp_path, ".surveytool.ledger.json.lock")
    other = aside(tmp_path, "notes.txt", days=20)
    write(tmp_path / "out.txt", b"whole")
    assert not killed.exists() and not old.exists()
    assert going.exists() and elsewhere.exists() and lock.exists() and other.exists()
    assert (tmp_path / "out.txt").read_bytes() == b"whole"


def test_a_run_that_is_killed_while_it_writes_leaves_nothing_for_long(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from surveytool.output_files import write_by\n"
        "write_by(Path(sys.argv[1]), lambda file: os._exit(9))"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "a.csv")], timeout=60)
    left = [each.name for each in tmp_path.iterdir()]
    assert len(left) == 1 and left[0].startswith(".surveytool.")
    write(tmp_path / "b.csv", b"x")
    assert [each.name for each in tmp_path.iterdir()] == ["b.csv"]
