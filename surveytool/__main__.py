"""``python -m surveytool``."""

from surveytool.cli.app import entry

if __name__ == "__main__":
    entry()
