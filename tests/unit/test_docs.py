"""The documents tell the truth: what they name exists, and lists that must be whole are whole."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from portal import create_app, labels

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
PROMISES = ROOT / "docs/promises.md"
REQUIREMENTS = ROOT / "docs/requirements.md"
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
PROMISE_STATES = {"held", "partly", "not shown yet", "later"}
REQUIREMENT_STATES = {"met", "first version", "later", "out of scope"}
CODE = re.compile(r"`([^`]+)`")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def table_rows(path: Path, first_cell: str) -> list[list[str]]:
    """The cells of each table row whose first cell fits the pattern."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    return [row for row in rows if re.fullmatch(first_cell, row[0])]


def promises_of(path: Path) -> dict[str, set[int]]:
    """Test -> the promises that it is marked with, for one file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    everywhere = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "pytestmark":
            everywhere = promises_in(node.value)
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            found[node.name] = everywhere.union(*(promises_in(each) for each in node.decorator_list))
    return found


def promises_in(node: ast.AST) -> set[int]:
    return {
        each.args[0].value
        for each in ast.walk(node)
        if isinstance(each, ast.Call) and getattr(each.func, "attr", "") == "promise"
    }


@pytest.fixture(scope="module")
def known_tests() -> dict[str, dict[str, set[int]]]:
    """File below tests/ -> its tests -> their promises."""
    return {str(path.relative_to(TESTS)): promises_of(path) for path in sorted(TESTS.rglob("test_*.py"))}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The application itself; nothing here asks its database."""
    return create_app(environ={"PORTAL_INSTANCE": str(tmp_path_factory.mktemp("docs"))})


# --- Promises ---


def test_promises_are_all_there_with_a_known_state():
    rows = table_rows(PROMISES, r"\d+")
    assert [int(row[0]) for row in rows] == list(range(1, 41))
    assert {row[2] for row in rows} - PROMISE_STATES == set()


def test_promises_and_the_marks_of_tests_agree(known_tests):
    listed, marked = set(), set()
    for row in table_rows(PROMISES, r"\d+"):
        listed |= {(int(row[0]), test) for test in CODE.findall(row[3])}
    for file, tests in known_tests.items():
        marked |= {(number, f"{file}::{test}") for test, numbers in tests.items() for number in numbers}
    assert {
        "listed but not marked": sorted(listed - marked),
        "marked but not listed": sorted(marked - listed),
    } == {
        "listed but not marked": [],
        "marked but not listed": [],
    }


def test_a_promise_is_called_held_only_with_a_test():
    rows = table_rows(PROMISES, r"\d+")
    assert [row[0] for row in rows if row[2] in ("held", "partly") and not CODE.findall(row[3])] == []
    assert [row[0] for row in rows if row[2] in ("not shown yet", "later") and CODE.findall(row[3])] == []


# --- Requirements ---


def expected_ids() -> list[str]:
    """The ids that the document says it covers: `S0-01 to S0-23` and so on."""
    ranges = re.findall(r"(S\d)-(\d\d) to \1-(\d\d)", REQUIREMENTS.read_text(encoding="utf-8"))
    return [f"{prefix}-{n:02}" for prefix, first, last in ranges for n in range(int(first), int(last) + 1)]


def test_every_requirement_stands_in_the_list_once():
    ids = [row[0] for row in table_rows(REQUIREMENTS, r"S\d-\d\d")]
    assert len(ids) == 220
    assert ids == expected_ids()


def test_requirements_have_a_known_state_and_show_what_they_claim():
    wrong = []
    for key, _words, where, tests, state in table_rows(REQUIREMENTS, r"S\d-\d\d"):
        word = state.split(":")[0]
        if word not in REQUIREMENT_STATES:
            wrong.append(f"{key}: {word} is no state")
        if word == "out of scope" and ":" not in state:
            wrong.append(f"{key}: out of scope needs its reason")
        if word in ("met", "first version") and not CODE.findall(where):
            wrong.append(f"{key}: no page or command")
        if word == "met" and not CODE.findall(tests):
            wrong.append(f"{key}: met without a test")
    assert wrong == []


def test_the_head_of_the_requirements_counts_their_states():
    text = REQUIREMENTS.read_text(encoding="utf-8")
    said = {word: int(number) for word, number in re.findall(r"^- \*\*([a-z ]+)\*\* \((\d+)\)", text, re.M)}
    states = re.findall(r"^\| S\d-\d\d \|.*\| (met|first version|later)\b[^|]*\|$", text, re.M)
    assert said == Counter(states)


def test_requirements_name_tests_that_exist(known_tests):
    missing = []
    for row in table_rows(REQUIREMENTS, r"S\d-\d\d"):
        for named in CODE.findall(row[3]):
            file, _, test = named.partition("::")
            if file not in known_tests or (test and test not in known_tests[file]):
                missing.append(f"{row[0]}: {named}")
    assert missing == []


def test_requirements_name_pages_and_commands_that_exist(app):
    pages = {re.sub(r"<[^>]+>", "…", rule.rule) for rule in app.url_map.iter_rules()}
    commands = {f"flask {path}" for path in command_paths(app.cli)}
    missing = []
    for row in table_rows(REQUIREMENTS, r"S\d-\d\d"):
        for named in CODE.findall(row[2]):
            exists = {
                "/": named in pages,
                "f": named in commands,
            }.get(named[0], (ROOT / named).exists())
            if not exists:
                missing.append(f"{row[0]}: {named}")
    assert missing == []


def command_paths(group, before: str = ""):
    for command in group.commands.values():
        if hasattr(command, "commands"):
            yield from command_paths(command, f"{before}{command.name} ")
        else:
            yield before + command.name


def test_kinds_that_requirements_ask_for_can_be_chosen():
    # S1-62, S1-66, S1-77, S3-16, S4-34, S4-38, S4-71; the codes are those of the glossary.
    activities = (
        "onsite_meeting symposium collective_preparation observation lesson_talk zone_research team_research"
        " demonstration_lesson lecture lesson_delivery mentor_pair_show master_contest young_teacher_show salon forum"
        " training project_work"
    )
    assert set(activities.split()) - set(labels.ACTIVITY_KIND) == set()
    assert {"joint", "hearing", "seminar"} - set(labels.MEETING_KIND) == set()
    assert {"backbone_circuit", "scarce_subject_circuit", "stage_bridge"} - set(labels.VISITING_FORM) == set()
    assert {"secondment", "counterpart_swap", "shadow_training", "borrowed"} - set(
        labels.POSTING_FORM
    ) == set()


# --- What documents name ---


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_to_files(path):
    targets = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    inside = [target for target in targets if not target.startswith(("http:", "https:", "mailto:"))]
    assert [target for target in inside if not (path.parent / target).exists()] == []


@pytest.mark.parametrize(
    "path", [*DOCUMENTS[:2], *(ROOT / "docs" / n for n in ("architecture.md", "operations.md"))], ids=name
)
def test_named_files_and_make_targets_exist(path):
    text = path.read_text(encoding="utf-8")
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    missing = []
    for named in CODE.findall(text):
        if re.fullmatch(r"(?:portal|tests|docs|scripts|bench|migrations)/[\w./*-]*", named):
            pattern = named.rstrip("/")
            if not (list(ROOT.glob(pattern)) if "*" in pattern else (ROOT / pattern).exists()):
                missing.append(named)
        for target in re.findall(r"(?<![\w-])make ([a-z]+)", named):
            if not re.search(rf"^{target}:", make, re.MULTILINE):
                missing.append(f"make {target}")
    assert missing == []


def test_architecture_names_every_module_and_layer():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    modules = {p.name for p in (ROOT / "portal").glob("*.py") if not p.name.startswith(("__", "cli_"))}
    assert {module for module in modules if f"`{module}`" not in text} - {"cli.py"} == set()
    layers = {p.parent.name for p in (ROOT / "portal").glob("*/__init__.py")}
    assert {layer for layer in layers if f"`portal/{layer}/" not in text} == set()


def test_both_readmes_have_the_same_parts():
    english, chinese = (
        (ROOT / file).read_text(encoding="utf-8") for file in ("README.md", "README.zh-CN.md")
    )
    for part in (r"^#+ ", r"^\| ", r"^    \S"):
        count = [len(re.findall(part, text, re.MULTILINE)) for text in (english, chinese)]
        assert count[0] == count[1], part
    assert set(re.findall(r"`([a-z][\w./*<>-]*/)`", english)) == set(
        re.findall(r"`([a-z][\w./*<>-]*/)`", chinese)
    )
