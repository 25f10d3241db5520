"""A Spark session of an address: opened without Spark's log on stderr, refused in seconds where nobody answers.

Spark waits minutes for a master that is not there and fills stderr with Java's
words. So the address is read and knocked at first, and what Spark writes goes to
a file without a name, read only to say why it did not start. With
``SURVEYTOOL_TRACEBACK`` set the log stays on stderr.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import IO, Any

from surveytool.errors import UnreadableData, UsageError

FORMS = "Write spark://host:7077, sc://host:15002, yarn, k8s://https://host:443 or local[4]."
KNOWN = re.compile(
    r"local(-cluster)?(\[[\d*, ]+\])?|yarn|k8s://\S+|spark://[\w.\-\[\]:]+:\d+(,[\w.\-\[\]:]+:\d+)*|sc://\S+"
)
SERVER = 15002  # where Spark Connect listens
ANSWERS_WITHIN = 5.0
EXECUTORS_WITHIN = 60.0
HINT = "Install it with: pip install 'surveytool[spark]' (it needs Java 17 or later)"
CONNECT = "Install it with: pip install 'pyspark[connect]'"
QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
LOCAL_PARTS = "4"  # one machine gains nothing from the two hundred parts that clusters use
NO_START = re.compile(r"^(?:Caused by: |Exception in thread \S+ )?[\w.]+(?:Exception|Error): *(.+)$", re.MULTILINE)


def session(address: str | None) -> Any:
    """The Spark session of an address. Raises ``UsageError`` for one that Spark cannot have.

    ``UnreadableData`` says that Spark is not installed, that nobody answers, or why it does not start.
    """
    if address is not None and not KNOWN.fullmatch(address):
        raise UsageError(f"{address!r} is no address of Spark.", "--spark", FORMS)
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UnreadableData("needs pyspark.", "--engine spark", HINT) from None
    _ready(address)
    with _log() as log:
        try:
            made = _builder(SparkSession.builder.appName("surveytool"), address).getOrCreate()
        except Exception as error:  # Java's own, of many kinds
            raise _not_started(error, address, log) from error
    if address is not None and address.startswith("spark://"):
        _wait(made, address)
    return made


def _builder(builder: Any, address: str | None) -> Any:
    """The builder with the address; the cluster's own settings come from spark-defaults.conf."""
    if address is not None and address.startswith("sc://"):
        return builder.remote(address)
    for name, value in QUIET.items():
        builder = builder.config(name, value)
    if address is None or address.startswith("local"):
        builder = builder.config("spark.sql.shuffle.partitions", LOCAL_PARTS)
    return builder.master(address) if address is not None else builder


def _ready(address: str | None) -> None:
    """What can be known before Spark is started: is Java here, does somebody answer."""
    import logging
    import shutil

    logging.getLogger("py4j").setLevel(logging.CRITICAL)
    connect = address is not None and address.startswith("sc://")
    if not connect and "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        raise UnreadableData("needs Java, which is not installed.", "--engine spark", "Install Java 17 or later.")
    places = _places(address or "")
    if places and not any(_answers(host, port) for host, port in places):
        shown = " or ".join(f"{host}, port {port}" for host, port in places)
        raise UnreadableData(f"no Spark answers at {shown}.", "--spark", "Check the address, and that it is up.")


def _places(address: str) -> list[tuple[str, int]]:
    """Hosts and ports of an address; none where only Spark can find them."""
    scheme, _, rest = address.partition("://")
    if scheme not in ("spark", "sc"):
        return []
    found = []
    for each in re.split(r"[/;]", rest)[0].split(","):
        host, sign, port = each.rpartition(":")
        found.append((host, int(port)) if sign and port.isdigit() else (each, SERVER))
    return [(host.strip("[]"), port) for host, port in found]


def _answers(host: str, port: int) -> bool:
    import socket

    try:
        socket.create_connection((host, port), timeout=ANSWERS_WITHIN).close()
    except (OSError, OverflowError, UnicodeError):
        return False
    return True


@contextmanager
def _log() -> Iterator[IO[bytes] | None]:
    """What is started meanwhile writes its stdout and stderr to this file, for as long as it runs."""
    import tempfile

    if os.environ.get("SURVEYTOOL_TRACEBACK"):
        yield None
        return
    with tempfile.TemporaryFile() as file:
        kept = [(place, os.dup(place)) for place in (1, 2) if _is_open(place)]
        for place, _ in kept:
            os.dup2(file.fileno(), place)
        try:
            yield file
        finally:
            for place, copy in kept:
                os.dup2(copy, place)
                os.close(copy)


def _is_open(place: int) -> bool:
    try:
        os.fstat(place)
    except OSError:
        return False
    return True


def _not_started(error: Exception, address: str | None, log: IO[bytes] | None) -> UnreadableData:
    """Why Spark did not start, in one line: the last cause in its log, else in the exception."""
    where = "--engine spark" if address is None else f"--spark {address}"
    if isinstance(error, ImportError) or "PACKAGE_NOT_INSTALLED" in str(error):
        return UnreadableData("needs the client of Spark Connect.", where, CONNECT)
    said = str(error)
    if log is not None:
        log.seek(0)
        said = f"{log.read(1 << 20).decode('utf-8', 'replace')}\n{said}"
    causes = NO_START.findall(said)
    why = f": {causes[-1].strip().rstrip('.')[:200]}." if causes else "."
    return UnreadableData(
        f"Spark does not start{why}", where, "Check the address, and that the cluster has the same version as pyspark."
    )


def _wait(made: Any, address: str) -> None:
    """Until the cluster has given an executor. Raises ``UnreadableData`` where it gives none."""
    end = monotonic() + EXECUTORS_WITHIN
    context = made.sparkContext._jsc.sc()
    while context.getExecutorMemoryStatus().size() < 2:  # the driver is one
        if monotonic() > end:
            made.stop()
            raise UnreadableData(
                f"the cluster gave no executor within {EXECUTORS_WITHIN:.0f} seconds.", f"--spark {address}",
                "Are its workers up, with cores and memory (spark.executor.memory) to spare?",
            )  # fmt: skip
        sleep(0.1)
