"""The command line: options in, one call of the corridor, bytes out; no statistics live here."""

from surveytool.cli.missing_package import MISSING, missing

try:
    from surveytool.cli.app import main
except ImportError as error:  # what the command line itself is made of
    said = missing(error)
    if said is None:
        raise
    from surveytool.cli import screen

    screen.error(said)
    raise SystemExit(MISSING) from None

__all__ = ["main"]
