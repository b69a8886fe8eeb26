"""Backups: one file with the database and the covers, made while everything runs, put back whole or not at all.

making → verifying → archive → manifest → programs, database
restoring → covers, settling → beside → swapping, verifying
"""
