"""Templates with the Chinese words already in them: nothing is looked up for a text that is the same on every page.

Message ids are the Chinese words, so for who reads Chinese ``_("词")`` in a template is the text itself. The same
templates are compiled once more for Chinese, with these calls replaced; other languages look words up as they go.
"""

from collections.abc import Callable

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

# Part of the names of compiled templates: a new number when what follows makes other code of the same template.
EDITION = 2
# Functions that take nothing of the template they are called in: called as they are, without Jinja looking whether
# they do. A list page calls them some two hundred times.
PLAIN = ("_", "url_for", "icon", "can")


class _WordsInPlace(NodeTransformer):
    """Replaces ``_("词")`` by the word; messages with values are left as they are."""

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        node = self.generic_visit(node)
        said = isinstance(node.node, nodes.Name) and node.node.name in ("_", "gettext")
        if not said or len(node.args) != 1 or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        (word,) = node.args
        if not isinstance(word, nodes.Const) or "%" in word.value:
            return node
        return nodes.TemplateData(word.value, lineno=node.lineno, environment=node.environment)


class _ChineseCode(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame=None) -> None:
        super().visit_Template(_WordsInPlace().visit(node), frame)

    def visit_Call(self, node: nodes.Call, frame, forward_caller=False) -> None:
        if forward_caller or not _is_plain(node.node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write("environment.call_plain(")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")


def _is_plain(called: nodes.Expr) -> bool:
    """Whether it is one of the functions by its name, or a component (``ui.tag``)."""
    if isinstance(called, nodes.Getattr):
        return isinstance(called.node, nodes.Name) and called.node.name == "ui"
    return isinstance(called, nodes.Name) and called.name in PLAIN


def _call_plain(function: Callable, /, *values, **named_values):
    return function(*values, **named_values)


def environment(app: Flask) -> Environment:
    """The templates for who reads Chinese; its globals are its own, since macros are among them."""
    compiled = FileSystemBytecodeCache(str(app.config["TEMPLATES_COMPILED"]), f"__chinese_{EDITION}_%s.cache")
    chinese = app.jinja_env.overlay(bytecode_cache=compiled)
    chinese.code_generator_class = _ChineseCode
    chinese.call_plain = _call_plain
    chinese.globals = dict(app.jinja_env.globals)
    return chinese
