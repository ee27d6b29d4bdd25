"""Templates with the Chinese words already in them: nothing is looked up for a text that is the same on every page.

Message ids are the Chinese words, so for who reads Chinese ``_("词")`` in a template is the text itself. The same
templates are compiled once more for Chinese, with these calls replaced; other languages look words up as they go.
"""

from flask import Flask
from jinja2 import Environment, FileSystemBytecodeCache, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

# Part of the names of compiled templates: a new number when what follows makes other code of the same template.
EDITION = 1


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


def environment(app: Flask) -> Environment:
    """The templates for who reads Chinese; its globals are its own, since macros are among them."""
    compiled = FileSystemBytecodeCache(str(app.config["TEMPLATES_COMPILED"]), f"__chinese_{EDITION}_%s.cache")
    chinese = app.jinja_env.overlay(bytecode_cache=compiled)
    chinese.code_generator_class = _ChineseCode
    chinese.globals = dict(app.jinja_env.globals)
    return chinese
