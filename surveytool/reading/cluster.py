"""Parquet on a Spark cluster: the respondents stay there, counts come back.

The address is Spark's own: ``local[4]``, ``spark://host:7077``, ``yarn``, or
``sc://host`` for Spark Connect; without one, the session that runs already, or
all cores of this machine. The path is read by the cluster, so it may be of any
file system that the cluster knows (``s3a://``, ``hdfs://``, a shared folder).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from surveytool.errors import UnreadableData, UsageError
from surveytool.reading import dummies
from surveytool.reading.choose import columns_to_read
from surveytool.reading.loaded import Loaded, Options
from surveytool.reading.profile import Profile, declared
from surveytool.stream import Pushed
from surveytool.survey import Design

HINT = "Install it with: pip install 'surveytool[spark]' (it needs Java 17 or later)"
QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
LOCAL_PARTS = "4"  # one machine gains nothing from the two hundred parts that clusters use


def load(shown: str, address: str | None, options: Options) -> Loaded:
    """The columns of a Parquet file or folder as a frame on the cluster. Raises ``UnreadableData``."""
    if not (shown.rstrip("/").endswith(".parquet") or Path(shown).is_dir() or ".parquet" in Path(shown).name):
        raise UsageError(
            "reads Parquet only.", "--engine spark", "Write it as Parquet: surveytool convert IN OUT.parquet"
        )
    frame = _read(session(address), shown)
    return pushed(frame, options, shown)


def pushed(frame: Any, options: Options, shown: str) -> Loaded:
    """The columns of a Spark frame."""
    names = list(frame.columns)
    wanted = columns_to_read(names, options.wanted, shown)
    held = Pushed(frame, wanted, options.design or Design())
    if held.rows == 0:
        raise UnreadableData("has no respondents.", shown, "Export the data again.")
    profile = Profile(held.columns, held.rows)
    meta = declared(held.columns, {name: column.type for name, column in held.columns.items()})
    return Loaded(table=profile, names=tuple(names), meta=meta, sets=dummies.sets(profile, {}), frame=held)


def session(address: str | None) -> Any:
    """The Spark session of an address. Raises ``UnreadableData`` where Spark is not installed or does not start."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UnreadableData("needs pyspark.", "--engine spark", HINT) from None
    builder: Any = SparkSession.builder.appName("surveytool")
    if address is not None and address.startswith("sc://"):
        builder = builder.remote(address)
    else:
        for name, value in QUIET.items():
            builder = builder.config(name, value)
        builder = builder.master(address) if address is not None else builder
        if address is None or address.startswith("local"):
            builder = builder.config("spark.sql.shuffle.partitions", LOCAL_PARTS)
    try:
        return builder.getOrCreate()
    except Exception as error:  # Java's own, of many kinds
        raise UnreadableData(
            "Spark does not start.", "--engine spark", "Check the address, and that Java 17 or later is installed."
        ) from error


def _read(spark: Any, shown: str) -> Any:
    try:
        return spark.read.parquet(shown)
    except Exception as error:  # Spark's own, of many kinds
        raise UnreadableData("cannot be read by Spark as Parquet.", shown, "Can the cluster see this path?") from error
