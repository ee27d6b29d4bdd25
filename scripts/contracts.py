"""Checks the import contracts of pyproject.toml; the same check runs in tests/test_architecture.py."""

import sys

from importlinter.cli import lint_imports

if __name__ == "__main__":
    sys.exit(lint_imports(no_logo=True))
