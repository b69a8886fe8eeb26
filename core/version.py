"""The version of this SoniqueBay, as shown, served and written into backups."""

VERSION = "0.1.0"
