"""Looks at every part: its version, whether it is well, and what to do when it is not."""

import dataclasses
import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from core.doctor import Finding, Level, examine

MARKS = {Level.OK: "ok", Level.WARNING: "warning", Level.PROBLEM: "PROBLEM"}


class Command(BaseCommand):
    help = __doc__
    # They are one of the parts that it looks at.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON array, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        # A pool would wait for a database that is away, once for every check.
        connection.settings_dict["OPTIONS"].pop("pool", None)
        findings = examine()
        if options["json"]:
            self.stdout.write(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=1))
        else:
            for finding in findings:
                self.stdout.write(self._line(finding))
            self.stdout.write(summary(findings))
        if any(finding.level is Level.PROBLEM for finding in findings):
            raise SystemExit(1)

    def _line(self, finding: Finding) -> str:
        paint = {Level.OK: self.style.SUCCESS, Level.WARNING: self.style.WARNING, Level.PROBLEM: self.style.ERROR}
        words = " ".join(filter(None, (finding.version, finding.detail)))
        hint = f" → {finding.hint}" if finding.hint else ""
        return f"{paint[finding.level](f'{MARKS[finding.level]:<8}')} {finding.name:<18} {words}{hint}"


def summary(findings: list[Finding]) -> str:
    counts = Counter(finding.level for finding in findings)
    if counts[Level.PROBLEM] or counts[Level.WARNING]:
        return f"{_counted(counts[Level.PROBLEM], 'problem')}, {_counted(counts[Level.WARNING], 'warning')}."
    return "All is well."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
