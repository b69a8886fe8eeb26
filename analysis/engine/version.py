"""The version of what is measured: raised whenever the same file would get other values."""

ANALYZER_VERSION = 1
