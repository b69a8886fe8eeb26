"""Panels: pages of lower apps show what upper apps know through template tags alone, by the name of the tag library."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# From the bottom to the top; apps of one height do not draw each other's pages either.
LAYERS = [["core"], ["library"], ["analysis", "enrichment"], ["embeddings"], ["player"], ["soniquebay"]]
HEIGHT = {app: height for height, apps in enumerate(LAYERS) for app in apps}


def is_foreign(app: str, other: str) -> bool:
    """Whether an app may not know the templates of another: those above it, and those beside it."""
    return other != app and HEIGHT[other] >= HEIGHT[app]


def templates_named_in_python(source: str) -> set[str]:
    """Strings that look like a template of an app: "player/queue.html", also behind f-strings and joins."""
    strings = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return {found[1] for s in strings if isinstance(s, str) and (found := re.match(r"(?:templates/)?(\w+)/", s))}


def templates_named_in_a_template(source: str) -> set[str]:
    """Apps whose templates are included or extended by path; {% load %} of tags is the way, and no path."""
    paths = re.findall(r"{%\s*(?:include|extends)\s+[\"'](\w+)/", source)
    return set(paths)


def violations(root: Path) -> list[str]:
    found = []
    for app in HEIGHT:
        for file in sorted((root / app).rglob("*.py")):
            if "tests" not in file.relative_to(root).parts:
                found += _named(file.relative_to(root), app, templates_named_in_python(file.read_text()))
        for file in sorted((root / "templates" / app).rglob("*.html")):
            found += _named(file.relative_to(root), app, templates_named_in_a_template(file.read_text()))
    return found


def _named(file: Path, app: str, apps: set[str]) -> list[str]:
    return [f"{file} names a template of {other}" for other in sorted(apps & HEIGHT.keys()) if is_foreign(app, other)]


def test_no_lower_app_renders_the_templates_of_an_upper_one() -> None:
    assert violations(ROOT) == []


def write(root: Path, file: str, text: str) -> Path:
    place = root / file
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    return place


VIOLATIONS = {
    "a view": ("library/views.py", 'def a(r):\n    return render(r, "player/queue.html", {})\n'),
    "a template tag": ("core/templatetags/t.py", 'X = get_template("library/_track.html")\n'),
    "an f-string": ("library/views/a.py", 'def a(n):\n    return render_to_string(f"analysis/_{n}.html")\n'),
    "a neighbour": ("analysis/views.py", 'TEMPLATE = "enrichment/_panel.html"\n'),
    "a path": ("core/views/a.py", 'TEMPLATE = "templates/player/x.html"\n'),
    "an include": ("templates/library/track.html", '{% include "player/_rating.html" %}'),
    "an extension": ("templates/core/home.html", "{%extends 'library/base.html'%}"),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_is_found(name: str, tmp_path: Path) -> None:
    file, text = VIOLATIONS[name]
    write(tmp_path, file, text)
    (found,) = violations(tmp_path)
    assert found.startswith(f"{file} names a template of ")


ALLOWED = {
    "tags of an upper app": (
        "templates/library/track.html",
        "{% load analysis_panels player_parts %}{% panel track %}",
    ),
    "a template of its own": ("library/views.py", 'render(r, "library/track.html", {})\n'),
    "a template of a lower app": ("player/views.py", 'render(r, "library/_tracks.html", {})\n'),
    "a shared template": ("templates/library/track.html", '{% extends "base.html" %}{% include "_field.html" %}'),
    "a lower app's fragment": ("templates/player/queue.html", '{% include "library/_tracks.html" %}'),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_meant_to_be_is_left_alone(name: str, tmp_path: Path) -> None:
    write(tmp_path, *ALLOWED[name])
    assert violations(tmp_path) == []
