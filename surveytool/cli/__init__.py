"""The command line: options in, one call of the corridor, bytes out; no statistics live here."""

from surveytool.cli.app import main

__all__ = ["main"]
