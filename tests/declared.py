"""The environment variables that the code reads, found in its text."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def variables_of(*files: str) -> set[str]:
    """Names given to the readers of core.environment."""
    trees = [ast.parse((ROOT / file).read_text(encoding="utf-8")) for file in files]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
        and call.args[0].value.isupper()
    }


def web_variables() -> set[str]:
    return variables_of("soniquebay/settings.py") | {"SONIQUEBAY_HOME", "WORKER_TOKEN"}


def worker_variables() -> set[str]:
    return variables_of(*(str(path.relative_to(ROOT)) for path in (ROOT / "core" / "worker").glob("*.py")))
