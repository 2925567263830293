"""The RUN lines of .mlir files are tests."""

from lmc.testing.filecheck import pytest_collect_file

__all__ = ["pytest_collect_file"]
