"""Respondents in blocks: columns as small integer codes, so that a file of any size goes by in bounded memory.

A source hands over Arrow batches, as often as it is asked. The first time, every
column gets its codes and its counts; where the codes of all rows are small they
are kept, else the source is read once more for the sums.
"""

from surveytool.stream.coded_column import Column, Encoder, Role
from surveytool.stream.derived_columns import Combinations, Derived, Lookup, coded, combinations, kept, looked_up
from surveytool.stream.design_combinations import LARGEST
from surveytool.stream.pass_progress import listen, tell
from surveytool.stream.remote import Pushed
from surveytool.stream.stream import BLOCK, KEEP, BatchChunk, Block, Chunk, Source, Stream, TableSource

__all__ = [
    "BLOCK", "KEEP", "LARGEST", "BatchChunk", "Block", "Chunk", "Column", "Combinations", "Derived", "Encoder",
    "Lookup", "Pushed", "Role", "Source", "Stream", "TableSource", "coded", "combinations", "kept", "listen",
    "looked_up", "tell",
]  # fmt: skip
