"""The version, for every room that names it."""

VERSION = "0.1.0"
