"""Parquet and tables on a Spark cluster: the rows stay there, sums by sampling unit come back.

The path is read by the cluster, so it may be of any file system that the cluster
knows (``s3a://``, ``hdfs://``, a shared folder): a file, a folder of parts, a
folder by partitions, a pattern. A name such as ``catalog.schema.table`` is a table
of the cluster's own. Labels and missing kinds come from the codebook that
``surveytool convert`` writes into Parquet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from glob import glob
from pathlib import Path
from typing import Any

from surveytool.errors import UnreadableData, UsageError
from surveytool.notes import note
from surveytool.reading import FORMATS, dummies, file_source, sidecar
from surveytool.reading.loaded import Loaded, Options
from surveytool.reading.profile import declared, profile_there
from surveytool.reading.session import session
from surveytool.reading.wanted_columns import columns_to_read
from surveytool.stream import Pushed
from surveytool.survey import Design

TABLE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){0,2}|(delta|iceberg|orc|parquet)\.`[^`]+`")
INDEX = "__index_level_"  # columns that pandas adds


def load(shown: str, address: str | None, options: Options) -> Loaded:
    """The columns of Parquet, or of a table by its name, as a frame on the cluster. Raises ``UnreadableData``."""
    if is_table(shown):
        return pushed(_table(session(address), shown), options, shown)
    _only_parquet(shown)
    frame = _read(session(address), shown)
    book = sidecar.beside(Path(shown)) or _book(frame, shown)
    loaded = pushed(frame, options, shown, book)
    unseen = (note("codebook_unseen"),) if book is None and _unseen(frame) else ()
    return replace(loaded, notes=(*loaded.notes, *unseen, *file_source.note_beside(Path(shown))))


def is_table(shown: str) -> bool:
    """Whether a source is named as a table, not as a file that is here or may be there."""
    return bool(TABLE.fullmatch(shown)) and Path(shown).suffix.lower() not in FORMATS and not Path(shown).exists()


def _only_parquet(shown: str) -> None:
    """Refuse what other formats' suffixes say, before a cluster is started."""
    suffix = Path(shown.rstrip("/")).suffix.lower()
    if suffix in FORMATS and suffix != ".parquet":
        raise UsageError(
            f"reads Parquet and tables, no {suffix} files.", "--engine spark",
            "Write Parquet once: surveytool convert IN OUT.parquet",
        )  # fmt: skip


def pushed(frame: Any, options: Options, shown: str, book: sidecar.Book | None = None) -> Loaded:
    """The columns of a Spark frame, with what its codebook says of them. Raises ``UnreadableData``."""
    names = [name for name in frame.columns if not name.startswith((INDEX, sidecar.TAG))]
    options = options if book is None else sidecar.columns_of(book, options)
    wanted = columns_to_read(names, options.wanted, shown)
    tags = [f"{sidecar.TAG}{name}" for name in wanted if f"{sidecar.TAG}{name}" in frame.columns]
    held = Pushed(frame, [*wanted, *(tags if book is not None else ())], options.design or Design())
    if held.rows == 0:
        raise UnreadableData("has no respondents.", shown, "Export the data again.")
    profile = profile_there(held)
    meta = declared(held.columns, {name: column.type for name, column in held.columns.items()})
    loaded = Loaded(table=profile, names=tuple(names), meta=meta, sets=dummies.sets(profile, {}), frame=held)
    return loaded if book is None else sidecar.applied(loaded, book, Path(shown))


def _table(spark: Any, shown: str) -> Any:
    try:
        frame = spark.table(shown)
        frame.columns  # noqa: B018  a remote session looks the name up only now
        return frame
    except Exception as error:  # Spark's own, of many kinds
        cure = "Name it catalog.schema.table as Spark does; a file needs the suffix .parquet."
        raise UnreadableData("is no table that Spark knows.", shown, cure) from error


def _read(spark: Any, shown: str) -> Any:
    try:
        frame = spark.read.parquet(str(Path(shown).absolute()) if glob(shown) else shown)
        frame.columns  # noqa: B018
        return frame
    except Exception as error:  # Spark's own, of many kinds
        cure = "Every machine of the cluster must see this path, and find Parquet there."
        raise UnreadableData("cannot be read by Spark as Parquet.", shown, cure) from error


def _book(frame: Any, shown: str) -> sidecar.Book | None:
    """The codebook inside the first file, read here where the path is seen from here, else by Spark's driver."""
    files = frame.inputFiles()
    if not files:
        return None
    here = _here(files[0])
    text = _kept(here) if here is not None else _kept_there(frame, files[0])
    return sidecar.parse(text, Path(shown)) if text is not None else None


def _unseen(frame: Any) -> bool:
    """Whether a codebook inside the files would not have been seen: from afar through Spark Connect."""
    files = frame.inputFiles()
    return bool(files) and _here(files[0]) is None and _is_remote(frame.sparkSession)


def _is_remote(spark: Any) -> bool:
    return type(spark).__module__.startswith("pyspark.sql.connect")


def _here(uri: str) -> Path | None:
    from urllib.parse import unquote

    path = Path(unquote(re.sub(r"^file:/+", "/", uri)))
    return path if path.is_file() else None


def _kept(path: Path) -> bytes | None:
    import pyarrow.parquet as pq

    metadata: Mapping[bytes, bytes] = pq.read_schema(path).metadata or {}
    return metadata.get(sidecar.KEY)


def _kept_there(frame: Any, uri: str) -> bytes | None:
    """The text in a file's foot, through the driver's own Java; Spark Connect has none."""
    spark = frame.sparkSession
    if _is_remote(spark):
        return None
    java, path = spark._jvm, spark._jvm.org.apache.hadoop.fs.Path(uri)
    files = java.org.apache.parquet.hadoop
    conf = spark._jsparkSession.sessionState().newHadoopConf()
    reader = files.ParquetFileReader.open(files.util.HadoopInputFile.fromPath(path, conf))
    text = reader.getFileMetaData().getKeyValueMetaData().get(sidecar.KEY.decode())
    reader.close()
    return None if text is None else str(text).encode("utf-8")
