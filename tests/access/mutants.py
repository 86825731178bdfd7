"""The scope calls of one function of the product taken out, and of that one alone (A-12).

A mutant is the same source with every scope call replaced by what it would be without one; its code is put into the
function that is in place already, so that whoever imported it runs the mutant.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import CodeType, FunctionType

from tests.house import sources

# What stands between a person and a row → what is left of the call without it; methods, then functions.
METHODS = {"visible_to": "{of}.all()", "managed_by": "{of}.all()", "in_region_of": "{of}.filed()", "covers": "True"}
FUNCTIONS = {
    "is_applicant": "True",
    "is_in_view": "True",
    "within": "{first}",
    "below": "Q()",
    "inbox": "{call}.model._default_manager.all()",
    "claims_of": "{call}.model._default_manager.all()",
}
# Where requests are answered. The actions ask once more: a second fence, and no view's own.
LAYERS = ("views", "access", "queries", "registries", "statistics", "forms", "admin", "account_admin")


@dataclass(frozen=True)
class Mutant:
    """A function with scope calls: where it stands, and its code without them."""

    module: str
    name: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def function(self) -> FunctionType:
        """The function in place, whatever it is wrapped in."""
        found = import_module(self.module)
        for part in self.name.split("."):
            found = vars(found)[part]
        while not isinstance(found, FunctionType):
            found = getattr(found, "func", None) or found.fget
        return found

    @contextmanager
    def in_place(self) -> Iterator[None]:
        function = self.function
        kept, function.__code__ = function.__code__, self.code
        try:
            yield
        finally:
            function.__code__ = kept


class _WithoutScope(ast.NodeTransformer):
    """Takes the scope calls out of one function."""

    def __init__(self) -> None:
        self.taken = 0

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in METHODS:
            return self._instead(node, METHODS[function.attr].format(of=ast.unparse(function.value)))
        if isinstance(function, ast.Name) and function.id in FUNCTIONS:
            text = FUNCTIONS[function.id]
            return self._instead(node, text.format(call=ast.unparse(node), first=ast.unparse(node.args[0])))
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        # The admin's own filters by region let one account through, which knows no region: now everybody is that one.
        self.generic_visit(node)
        return self._instead(node, "True") if node.attr == "is_superuser" else node

    def _instead(self, node: ast.expr, text: str) -> ast.expr:
        self.taken += 1
        return ast.copy_location(ast.parse(text, mode="eval").body, node)


@cache
def mutants() -> tuple[Mutant, ...]:
    """One for each function of the layers that asks for a scope."""
    return tuple(mutant for name in sources.of_kind(*LAYERS) for mutant in _of_file(name))


def _of_file(file: str) -> Iterator[Mutant]:
    tree, module = ast.parse(sources.texts()[file], file), file.removesuffix(".py").replace("/", ".")
    for path in _functions(tree, ()):
        tree = ast.parse(sources.texts()[file], file)
        node, without = _find(tree, path), _WithoutScope()
        # The calls themselves are defined in terms of each other.
        if path[-1] in METHODS or path[-1] in FUNCTIONS:
            continue
        node.body = [without.visit(statement) for statement in node.body]
        if without.taken:
            code = compile(ast.fix_missing_locations(tree), sources.PROJECT / file, "exec")
            for part in path:
                code = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == part)
            yield Mutant(module, ".".join(path), code)


def _functions(node: ast.AST, path: tuple) -> Iterator[tuple]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _functions(child, (*path, child.name))
        elif isinstance(child, ast.FunctionDef):
            yield (*path, child.name)


def _find(tree: ast.AST, path: tuple) -> ast.AST:
    for part in path:
        tree = next(child for child in ast.iter_child_nodes(tree) if getattr(child, "name", "") == part)
    return tree
