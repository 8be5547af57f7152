"""
Asks the real Terraform for the value of every judged expression and records the answers.

    python tests/terraform_judged/record.py               record all files again
    python tests/terraform_judged/record.py add NAME      judge the expressions on standard input,
                                                          one a line, and add them to NAME.jsonl

An answer is `json`, the text `jsonencode([…])` gives for the value; `partly`, the value with
`{"unknown": true}` for what is only known after apply; or `error`. `differs`, written by hand, says
why we answer something else on purpose.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
BATCH = 60


def terraform(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run terraform in a folder."""
    return subprocess.run(
        ["terraform", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def planned(values: list[str]) -> list[dict[str, Any]] | None:
    """The planned change of one output for each value; None when the plan fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(HERE / "root", folder, dirs_exist_ok=True)
        blocks = [
            f'output "o{place}" {{\n  sensitive = true\n  value = {value}\n}}\n'
            for place, value in enumerate(values)
        ]
        (folder / "asked.tf").write_text("\n".join(blocks), encoding="utf-8")
        terraform(folder, "init", "-backend=false")
        if terraform(folder, "plan", "-input=false", "-out=plan").returncode:
            return None
        shown = terraform(folder, "show", "-json", "plan").stdout
    changes = json.loads(shown, parse_float=str)["output_changes"]
    return [changes[f"o{place}"] for place in range(len(values))]


def judge(expressions: list[str]) -> list[dict[str, Any]]:
    """Terraform's answer for each expression."""
    found = planned([f"try(jsonencode([{text}]), null)" for text in expressions])
    if found is None:
        if len(expressions) == 1:
            return [{"error": True}]
        half = len(expressions) // 2
        return judge(expressions[:half]) + judge(expressions[half:])
    return [_answer(text, change) for text, change in zip(expressions, found, strict=True)]


def _answer(text: str, change: dict[str, Any]) -> dict[str, Any]:
    if change.get("after_unknown"):
        found = planned([f"[{text}]"])
        if found is None:
            return {"error": True}
        return {"partly": _marked(found[0].get("after"), found[0]["after_unknown"])[0]}
    if change.get("after") is None:
        return {"error": True}
    return {"json": change["after"]}


def _marked(value: Any, unknown: Any) -> Any:
    """The planned value with a marker wherever it is unknown."""
    if unknown is True:
        return {"unknown": True}
    if isinstance(unknown, dict):
        merged = dict(value or {})
        return merged | {key: _marked(merged.get(key), inner) for key, inner in unknown.items()}
    if isinstance(unknown, list):
        items = list(value or [])
        items += [None] * (len(unknown) - len(items))
        return [_marked(item, inner) for item, inner in zip(items, unknown, strict=False)]
    return value


def judge_all(expressions: list[str]) -> list[dict[str, Any]]:
    """Terraform's answers, asked in batches."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(expressions), BATCH):
        batch = expressions[start : start + BATCH]
        answers = judge(batch)
        found += [{"expr": text} | answer for text, answer in zip(batch, answers, strict=True)]
    return found


def write(path: Path, cases: list[dict[str, Any]]) -> None:
    """One case a line."""
    lines = [json.dumps(case, ensure_ascii=False) for case in cases]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read(path: Path) -> list[dict[str, Any]]:
    """The cases of a file; none when it is not there."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main(arguments: list[str]) -> None:
    """Record all again, or add what is on standard input."""
    if arguments[:1] == ["add"]:
        path = HERE / f"{arguments[1]}.jsonl"
        cases = read(path)
        known = {case["expr"] for case in cases}
        asked = dict.fromkeys(line.rstrip("\n") for line in sys.stdin)
        fresh = [text for text in asked if text.strip() and text not in known]
        write(path, cases + judge_all(fresh))
        return
    for path in sorted(HERE.glob("*.jsonl")):
        cases = read(path)
        answers = judge_all([case["expr"] for case in cases])
        kept = [{k: v for k, v in case.items() if k == "differs"} for case in cases]
        write(path, [answer | reason for answer, reason in zip(answers, kept, strict=True)])


if __name__ == "__main__":
    main(sys.argv[1:])
