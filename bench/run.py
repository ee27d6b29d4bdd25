"""`make bench`: one table of all benchmarks.

Each module ``bench/bench_*.py`` has ``measure() -> list[tuple[str, float, str]]``: bar, figure, note. It runs
in a process of its own, so that nothing that one loads makes another slow. The exit code tells whether
every benchmark gave its figures, not whether they are good: machines differ.

    .venv/bin/python -m bench.run                  # all
    .venv/bin/python -m bench.run page_cpu pdf     # modules whose name holds one of these words
"""

import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent
# What we aim at; bench/README.md says what each bar means.
AIMS = {
    "page_cpu": 20,
    "i18n_tax": 1.1,
    "write_safe": 0,
    "pdf_warm 15 pages": 0.30,
    "pdf_warm 29 pages": 0.35,
    "pdf_warm 202 pages": 0.50,
    "first_view": 80,
    "search_flat": 3,
    "home_flat": 1.2,
    "home_flat cluster page": 1.2,
    "home_flat bureau": 1.2,
    "home_flat bureau cluster page": 1.2,
    "week_cpu": 20,
    "week_flat": 1.2,
    "week_flat bureau": 1.2,
}
# Bars where more is better.
AIMS_AT_LEAST = {
    "search_recall": 1.0,
    "plan_quality 5/30": 0.98,
    "plan_quality 10/60": 0.98,
    "plan_quality 15/120": 0.98,
}


def modules(words: list[str]) -> list[str]:
    """The benchmark modules whose name holds one of the words, or all."""
    names = sorted(path.stem for path in FOLDER.glob("bench_*.py"))
    return [name for name in names if not words or any(word in name for word in words)]


def run(module: str) -> list[tuple[str, float, str]] | str:
    """The rows of one module, or what went wrong."""
    result = subprocess.run(
        [sys.executable, "-m", "bench.run", "--json", module],
        cwd=FOLDER.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = [line for line in result.stdout.splitlines() if line.startswith("[[")]
    if result.returncode or not lines:
        return f"ended with code {result.returncode} and gave no figure"
    return [tuple(row) for row in json.loads(lines[-1])]


def main(words: list[str]) -> int:
    """Run the benchmarks and print the table."""
    if words[:1] == ["--json"]:
        print(json.dumps(import_module(f"bench.{words[1]}").measure()))
        return 0
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ["PORTAL_BENCH_FOLDER"] = (
            folder  # where the modules find the district that one of them loads
        )
        failed = print_table(modules(words))
    if failed:
        print("No figures from: " + ", ".join(failed), file=sys.stderr)
    return 1 if failed or not modules(words) else 0


def print_table(names: list[str]) -> list[str]:
    """Run the modules one by one, a line for each figure; the names of those that gave none."""
    failed = []
    print(f"{'bar':<22} {'measured':>10} {'aim':>8}       note", flush=True)
    for module in names:
        rows = run(module)
        if isinstance(rows, str):
            failed.append(module)
            print(f"{module:<22} {'-':>10} {'':>8}       {rows}", flush=True)
            continue
        for name, figure, note in rows:
            shown_aim, verdict = judged(name, figure)
            print(f"{name:<22} {figure:>10.3g} {shown_aim:>8} {verdict:<6} {note}", flush=True)
    return failed


def judged(name: str, figure: float) -> tuple[str, str]:
    """The aim of a bar as shown, and whether it is met; empty where there is none."""
    if name in AIMS_AT_LEAST:
        aim = AIMS_AT_LEAST[name]
        return f">= {aim:g}", "met" if figure >= aim else "missed"
    if name in AIMS:
        return f"<= {AIMS[name]:g}", "met" if figure <= AIMS[name] else "missed"
    return "", ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
