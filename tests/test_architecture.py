"""What holds the shape of the project: layers, sizes, access, page words, settings and dependencies."""

import ast
import inspect
import itertools
import re
import sys
import tomllib
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from importlinter.cli import lint_imports

from portal import create_app
from tests.support.catalogue import extract_messages, read_catalogue

ROOT = Path(__file__).resolve().parents[1]
PORTAL = ROOT / "portal"
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
# Official documents are Chinese by law and have stylesheets of their own; they are no pages.
PAGE_TEMPLATES = [
    path for path in TEMPLATES if "documents" not in path.relative_to(PORTAL / "templates").parts
]
CODE = sorted(path for folder in ("portal", "bench", "scripts") for path in (ROOT / folder).rglob("*.py"))
DOMAIN = sorted((PORTAL / "domain").rglob("*.py"))
MAX_LINES = 400
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The application itself; nothing here asks its database."""
    environ = {"PORTAL_INSTANCE": str(tmp_path_factory.mktemp("architecture"))}
    return create_app(environ=environ)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def without_comments(source: str) -> str:
    return re.sub(r"\{#.*?#\}|<!--.*?-->", "", source, flags=re.DOTALL)


# --- Layers and sizes ---


def test_imports_keep_the_contracts():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True) == 0


@pytest.mark.parametrize("path", DOMAIN, ids=name)
def test_domain_imports_the_standard_library_only(path):
    foreign = set()
    for node in ast.walk(parse(path)):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module]
        foreign |= {
            module
            for module in modules
            if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("portal.domain")
        }
    assert foreign == set()


@pytest.mark.parametrize("path", DOMAIN, ids=name)
def test_domain_reads_no_clock(path):
    clocks = re.compile(
        r"\b(?:date\.today|datetime\.(?:now|utcnow|today)|time\.(?:time|localtime)\(|getpass\.|os\.environ)"
    )
    assert clocks.findall(path.read_text(encoding="utf-8")) == []


def test_modules_stay_short():
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_public_functions_say_what_they_do():
    silent = []
    for path in sorted(PORTAL.rglob("*.py")):
        if "blueprints" in path.parts:
            continue  # a view's address and its @requires say it
        for node in parse(path).body:
            public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith(
                "_"
            )
            if public and not ast.get_docstring(node):
                silent.append(f"{name(path)}: {node.name}")
    assert silent == []


def test_no_unfinished_code():
    marks = re.compile(r"\b(?:TODO|FIXME|XXX)\b|raise NotImplementedError")
    found = {name(path): marks.findall(path.read_text(encoding="utf-8")) for path in [*CODE, *TEMPLATES]}
    assert {path: words for path, words in found.items() if words} == {}


# --- Access ---


@pytest.mark.promise(1)
def test_every_view_has_a_permission_or_is_public(app):
    from portal.auth import PUBLIC_ENDPOINTS

    open_views = set()
    for rule in app.url_map.iter_rules():
        view = inspect.unwrap(app.view_functions[rule.endpoint])
        marked = getattr(app.view_functions[rule.endpoint], "__permission__", None) or getattr(
            view, "__permission__", None
        )
        if not marked and rule.endpoint not in PUBLIC_ENDPOINTS:
            open_views.add(rule.endpoint)
    assert open_views == set()


@pytest.mark.promise(1)
def test_every_permission_of_a_view_is_in_the_table(app):
    from portal.domain.access import PERMISSIONS

    unknown = {
        endpoint: view.__permission__
        for endpoint, view in app.view_functions.items()
        if isinstance(getattr(view, "__permission__", None), str) and view.__permission__ not in PERMISSIONS
    }
    assert unknown == {}


def test_public_list_names_existing_endpoints_only(app):
    from portal.auth import PUBLIC_ENDPOINTS

    assert set(PUBLIC_ENDPOINTS) - set(app.view_functions) == set()


def test_views_are_short():
    long_views = {}
    for path in sorted((PORTAL / "blueprints").rglob("*.py")):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.FunctionDef) and any(
                "route" in ast.unparse(d) for d in node.decorator_list
            ):
                lines = node.end_lineno - node.lineno + 1
                if lines > 30:  # signature and docstring included
                    long_views[f"{name(path)}: {node.name}"] = lines
    assert long_views == {}


def test_no_view_or_template_asks_for_a_role():
    asks = re.compile(r"\.role\s*(?:==|!=|in\b)|has_role\(|\brole\s*==")
    files = [*PAGE_TEMPLATES, *(PORTAL / "blueprints").rglob("*.py")]
    found = {name(path): asks.findall(path.read_text(encoding="utf-8")) for path in files}
    assert {path: words for path, words in found.items() if words} == {}


# --- Pages ---


@pytest.mark.promise(21)
@pytest.mark.parametrize("path", PAGE_TEMPLATES, ids=name)
def test_template_has_no_inline_script_style_or_handler(path):
    source = without_comments(path.read_text(encoding="utf-8"))
    inline = re.compile(
        r"<style\b|<script(?![^>]*\bsrc=)[^>]*>|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|\bhx-on\b|hx-vals=|javascript:"
    )
    assert inline.findall(source) == []


@pytest.mark.parametrize("path", [p for p in PAGE_TEMPLATES if p.parent.name != "style"], ids=name)
def test_template_marks_every_chinese_word_for_translation(path):
    source = without_comments(path.read_text(encoding="utf-8"))
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", source, flags=re.DOTALL)
    # The style page is left out, since its examples are data. What remains of Chinese may stand
    # as the first argument of a translating call only (or as its plural).
    call = re.compile(
        r"\b(?:_|N_|gettext|ngettext|pgettext)\(\s*((?:\"[^\"]*\"|'[^']*')(?:\s*,\s*(?:\"[^\"]*\"|'[^']*'))?)"
    )
    source = call.sub("", source).replace('"中文"', "")  # a language is called by its own name
    bare = [line.strip() for line in source.splitlines() if HAN.search(line)]
    assert bare == []


@pytest.mark.parametrize("path", sorted((PORTAL / "templates").rglob("macros/*.html")), ids=name)
def test_macro_file_translates_nothing_at_its_top_level(path):
    # It would freeze the language of whoever came first: macro files are read once.
    source = without_comments(path.read_text(encoding="utf-8"))
    outside = re.sub(r"\{%-?\s*macro\b.*?endmacro\s*-?%\}", "", source, flags=re.DOTALL)
    assert re.findall(r"\b_\(|\{%-?\s*trans\b", outside) == []


def test_script_modules_keep_the_policy():
    forbidden = re.compile(
        r"\beval\(|new Function\(|\.style\.cssText|setAttribute\(['\"](?:style|on)|innerHTML\s*=|https?://(?!www\.w3\.org)"
    )
    files = (PORTAL / "static" / "js").rglob("*.js")
    found = {name(path): forbidden.findall(path.read_text(encoding="utf-8")) for path in files}
    assert {path: words for path, words in found.items() if words} == {}


def test_stylesheet_works_on_the_oldest_supported_browsers():
    # Chromium 86 and Safari 14: a rule that they do not know would be dropped without a word.
    newer = re.compile(
        r":has\(|@layer\b|color-mix\(|@container\b|:is\(|\binset\s*:|(?<![-\w])\d*dvh\b|aspect-ratio\s*:|&\s*[.:{]|accent-color"
    )
    found = {}
    for path in (PORTAL / "static" / "css").rglob("*.css"):
        if "vendor" not in path.parts:
            source = re.sub(
                r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL
            )
            found[name(path)] = newer.findall(source)
    assert {path: words for path, words in found.items() if words} == {}


# --- Words ---


def english(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_english_catalogue_is_complete():
    catalogue = read_catalogue()
    missing = []
    for message in extract_messages():
        known = catalogue.get(message.id, message.context)
        if known is None or known.fuzzy or not all(english(known)):
            missing.append(message.id)
    assert missing == [], f"{len(missing)} messages have no English; run `make translations` and fill them in"


def test_english_catalogue_has_no_message_that_no_page_uses():
    used = {(message.id if isinstance(message.id, str) else message.id[0]) for message in extract_messages()}
    known = {
        (message.id if isinstance(message.id, str) else message.id[0])
        for message in read_catalogue()
        if message.id
    }
    assert known - used == set(), "run `make translations`"


def test_english_keeps_every_placeholder():
    holder = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]")
    differing = {}
    for message in read_catalogue():
        if not message.id or not all(english(message)):
            continue
        # A plural has two ids and two texts; "one school" may leave its number out.
        last_id = message.id if isinstance(message.id, str) else message.id[-1]
        if set(holder.findall(last_id)) != set(holder.findall(english(message)[-1])):
            differing[last_id] = english(message)[-1]
    assert differing == {}


def test_english_has_no_chinese_left():
    # Quoting a Chinese term beside its English is fine; an untranslated message is not.
    same = [
        message.id
        for message in read_catalogue()
        if message.id and any(text == message.id for text in english(message))
    ]
    assert [text for text in same if HAN.search(str(text))] == []


def test_sentences_that_are_asked_for_without_their_count_have_one_form_in_english():
    pieces = set(re.findall(r'N_\("([^"]+)"', (PORTAL / "domain/narrative.py").read_text(encoding="utf-8")))
    catalogue = read_catalogue()
    assert len(pieces) > 40
    assert [text for text in pieces if not isinstance(catalogue.get(text).string, str)] == []


# --- Settings, commands, dependencies ---


def test_every_setting_is_documented():
    documents = "".join(
        (ROOT / path).read_text(encoding="utf-8")
        for path in ("docs/operations.md", "README.md")
        if (ROOT / path).exists()
    )
    settings = set()
    for path in [*PORTAL.rglob("*.py"), ROOT / "Makefile"]:
        source = path.read_text(encoding="utf-8")
        settings |= set(
            re.findall(
                r"(?:env(?:iron)?(?:\.get)?[\[(]\s*|getenv\(\s*|_secret\(\s*env,\s*)\"([A-Z][A-Z_]+)\"",
                source,
            )
        )
    settings -= {"PATH", "HOME", "LANG", "TZ"}
    assert {setting for setting in settings if setting not in documents} == set()


def test_every_command_is_documented(app):
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    commands = set()
    for command in app.cli.commands.values():
        for child in getattr(command, "commands", {}).values():
            commands.add(f"flask {command.name} {child.name}")
        if not hasattr(command, "commands"):
            commands.add(f"flask {command.name}")
    foreign = re.compile(r"flask (?:db |run|routes|shell)")  # Flask's own and Alembic's
    assert {command for command in commands if not foreign.match(command) and command not in text} == set()


def direct_dependencies(file: str) -> set[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {
        re.split(r"[\[<>=!~; ]", line)[0].lower().replace("_", "-")
        for line in lines
        if line.strip() and not line.startswith(("#", "-"))
    }


@pytest.mark.promise(38)
@pytest.mark.parametrize("stem", ["requirements", "requirements-dev"])
def test_every_dependency_is_pinned_by_hash(stem):
    lock = (ROOT / f"{stem}.txt").read_text(encoding="utf-8")
    blocks = re.findall(
        r"^([A-Za-z0-9._-]+)==(\S+).*((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)*)", lock, re.MULTILINE
    )
    pinned = {package.lower().replace("_", "-") for package, _version, _hashes in blocks}
    assert direct_dependencies(f"{stem}.in") - pinned == set()
    assert [package for package, _version, hashes in blocks if not hashes] == []
    unpinned = [
        line for line in lock.splitlines() if line and not line.startswith((" ", "#")) and "==" not in line
    ]
    assert unpinned == []


@pytest.mark.promise(38)
def test_installation_checks_the_hashes():
    setup = (ROOT / "scripts/setup.sh").read_text(encoding="utf-8")
    installs = re.findall(r"pip install.*", setup)
    assert [line for line in installs if "--require-hashes" not in line and "PIP_" not in line] == []
    assert installs


@pytest.mark.parametrize("file", ["requirements.in", "requirements-dev.in"])
def test_every_dependency_has_its_reason(file):
    reasons = (
        (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8").lower().replace("_", "-")
    )
    assert {package for package in direct_dependencies(file) if f"`{package}`" not in reasons} == set()


def test_pytest_ignores_no_warning_without_a_reason():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    filters = tomllib.loads("\n".join(lines))["tool"]["pytest"]["ini_options"]["filterwarnings"]
    assert filters[0] == "error"
    unexplained = [
        line for before, line in itertools.pairwise(lines)
        if re.match(r'\s*[\'"]ignore:', line) and not before.strip().startswith("#")
    ]  # fmt: skip
    assert unexplained == []
