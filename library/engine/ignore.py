"""Ignore files: what `.ndignore` says, in the syntax of .gitignore, about its folder and all below."""

from dataclasses import dataclass

from pathspec import GitIgnoreSpec

LARGEST = 1 << 20


@dataclass(frozen=True)
class IgnoreFile:
    """The rules of one folder."""

    folder: str
    spec: GitIgnoreSpec | None
    """None: everything"""

    def verdict(self, path: str) -> bool | None:
        """True: left out; False: taken back in; None: it says nothing of it."""
        if self.spec is None:
            return True
        return self.spec.check_file(path[len(self.folder) :]).include


def parse(folder: str, content: bytes) -> IgnoreFile:
    """An empty file, or one of comments alone, means everything."""
    lines = content[:LARGEST].decode("utf-8-sig", errors="replace").splitlines()
    rules = [line for line in lines if line.strip() and not line.startswith("#")]
    if not rules:
        return IgnoreFile(folder, None)
    return IgnoreFile(folder, GitIgnoreSpec.from_lines(_sound(rules)))


def _sound(rules: list[str]) -> list[str]:
    """One rule that makes no sense does not void the others."""
    kept = []
    for rule in rules:
        try:
            GitIgnoreSpec.from_lines([rule])
        except ValueError:
            continue
        kept.append(rule)
    return kept


def is_ignored(path: str, rules: tuple[IgnoreFile, ...]) -> bool:
    """The nearest rules speak first; a folder's path ends in a slash."""
    for nearest in reversed(rules):
        verdict = nearest.verdict(path)
        if verdict is not None:
            return verdict
    return False
