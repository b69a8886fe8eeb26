"""What the documents promise is what the code does: variables, links, commands, kinds of errors."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from core.events import inbound
from soniquebay import faults
from tests.declared import ROOT, web_variables, worker_variables

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SELF_HOSTING = (ROOT / "docs" / "self-hosting.md").read_text(encoding="utf-8")
# Read by programs of ours outside of the settings, with where that is.
ELSEWHERE = {
    "SONIQUEBAY_BROKER_BIND": "soniquebay/embedded/redis.py",
    "SONIQUEBAY_VENV": "bin/environment.sh",
    "PYTHON": "bin/environment.sh",
    "NO_COLOR": "soniquebay/supervisor/arguments.py",
}
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)")


def documented(heading: str) -> set[str]:
    """The first column of the table below a heading."""
    section = SELF_HOSTING.split(f"\n### {heading}\n", 1)[1].split("\n#", 1)[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE))


def test_every_variable_of_the_web_is_documented_and_every_documented_one_is_read() -> None:
    assert documented("The web, control and the commands") == web_variables() - {"WORKER_TOKEN"}


def test_every_variable_of_workers_is_documented_and_every_documented_one_is_read() -> None:
    assert documented("Workers") == worker_variables()


def test_variables_of_the_programs_in_bin_are_read_where_we_say() -> None:
    assert documented("bin/") == set(ELSEWHERE)
    for name, path in ELSEWHERE.items():
        assert name in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Pictures are taken of the running program and come separately."""
    for target, _ in LINK.findall(page.read_text(encoding="utf-8")):
        assert target.endswith(".png") or (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_exist(page: Path) -> None:
    known = set(get_commands())
    for command in re.findall(r"(?:bin/manage|manage\.py) ([a-z_]+)", page.read_text(encoding="utf-8")):
        assert command in known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_programs_in_bin_exist(page: Path) -> None:
    for program in re.findall(r"`bin/([a-z]+)", page.read_text(encoding="utf-8")):
        assert (ROOT / "bin" / program).is_file()


def test_statuses_of_errors_are_as_documented() -> None:
    api = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d{3}) \| (.*?) \|", api, re.MULTILINE)
    said = {code: int(status) for status, codes in rows for code in re.findall(r"`([a-z_]+)`", codes)}
    for kind, status in faults.STATUS.items():
        assert said[kind.code] == status


def test_closing_codes_of_sockets_are_as_documented() -> None:
    api = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    codes = {inbound.UNKNOWN_CHANNEL, inbound.REFUSED, inbound.TOO_BIG, inbound.FLOODING, inbound.FAILED, inbound.LATER}
    assert {
        int(code) for code in re.findall(r"\b[14]\d{3}\b", api.split("Closing codes:")[1].split("\n\n")[0])
    } == codes


def test_decisions_are_short() -> None:
    for page in (ROOT / "docs" / "adr").glob("*.md"):
        assert len(page.read_text(encoding="utf-8").splitlines()) <= 40
        assert re.match(r"\d{4}-[a-z-]+\.md", page.name)


def test_no_page_names_a_place_on_somebodys_machine() -> None:
    for page in PAGES:
        assert not re.search(r"/work/|/tmp/|/root/\w", page.read_text(encoding="utf-8"))
