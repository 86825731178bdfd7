"""Villagers' pages on the oldest engine (docs/villager-pages.md): ES5 scripts, styles that lose nothing but air."""

import re

import pytest
import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from tests.house.sources import texts

PARSER = Parser(Language(tree_sitter_javascript.language()))
# Everything ES5 has, as the grammar calls it; what is not here came later.
ES5 = set(
    re.findall(
        r"\w+",
        """
    program comment expression_statement statement_block statement_identifier empty_statement if_statement
    else_clause for_statement for_in_statement while_statement do_statement switch_statement switch_body
    switch_case switch_default break_statement continue_statement return_statement throw_statement
    try_statement catch_clause finally_clause labeled_statement variable_declaration variable_declarator
    function_declaration function_expression formal_parameters arguments call_expression new_expression
    member_expression subscript_expression parenthesized_expression assignment_expression
    augmented_assignment_expression unary_expression update_expression binary_expression ternary_expression
    sequence_expression identifier property_identifier this true false null undefined number string
    string_fragment escape_sequence regex regex_pattern regex_flags array object pair
    """,
    )
)
# Signs and words that hide inside nodes of ES5.
LATER = {"let", "const", "async", "await", "of", "yield", "=>", "`", "...", "?.", "??"}
LATER |= {"??=", "||=", "&&=", "**", "**="}
# What a browser of 2015 does not have, or has under another name; a script may ask whether it is there.
MISSING = re.compile(
    r"\b(?:fetch|Promise|Map|Set|WeakMap|Symbol|Proxy|URLSearchParams|IntersectionObserver|AbortController|Intl|globalThis)\b"
    r"|\bObject\.(?:assign|entries|values|fromEntries)\b|\bArray\.(?:from|of)\b|\bNumber\.is\w+|\bObject\.is\b"
    r"|\.(?:includes|startsWith|endsWith|padStart|padEnd|repeat|find|findIndex|flat|flatMap|at|replaceAll|trimStart|trimEnd"
    r"|replaceWith|prepend|before|after|toggleAttribute|getAttributeNames|requestSubmit|replaceChildren|finally)\("
    r"|querySelectorAll\([^)]*\)\.forEach|\.elements\.forEach|\.children\.forEach"
)
OFFICERS = {"amounts", "password", "shortcuts", "date-input"}
OFFICERS_STYLES = {"staff", "statistics", "workbench", "heads", "house"}
# With a variable inside, an engine without them takes the rule and gives the property its first value: nothing helps
# but to ask first.
UNASKED = re.compile(r"[\w-]+:[^;{}]*\b(?:min|max|clamp)\([^;{}]*")
ASKED = re.compile(r"@supports[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")


def scripts() -> dict[str, str]:
    """Every script but those of officers' pages alone."""
    found = {name: text for name, text in texts().items() if re.match(r"static/js/[\w-]+\.js$", name)}
    return {name: text for name, text in found.items() if name[10:-3] not in OFFICERS}


def styles() -> dict[str, str]:
    """Every style sheet but those of officers' pages alone, without its comments."""
    found = {name: text for name, text in texts().items() if re.match(r"static/css/[\w-]+\.css$", name)}
    plain = {name: re.sub(r"/\*.*?\*/", "", text, flags=re.S) for name, text in found.items()}
    return {name: text for name, text in plain.items() if name[11:-4] not in OFFICERS_STYLES}


def newer(node: Node) -> list[str]:
    """What in that tree is younger than ES5: (line, what)."""
    found = []
    is_younger = node.type not in ES5 if node.is_named else node.type in LATER
    if node.type == "ERROR" or node.is_missing or is_younger:
        found.append(f"line {node.start_point[0] + 1}: {node.type}")
    if node.type in ("arguments", "formal_parameters") and len(node.children) > 2 and node.children[-2].type == ",":
        found.append(f"line {node.start_point[0] + 1}: comma at the end")
    if node.type == "catch_clause" and node.child_by_field_name("parameter") is None:
        found.append(f"line {node.start_point[0] + 1}: catch without a name")
    if node.type == "regex_flags" and set(node.text.decode()) - set("gim"):
        found.append(f"line {node.start_point[0] + 1}: flags {node.text.decode()}")
    if node.type == "regex_pattern" and re.search(rb"\(\?(?:<|[ims-]+:)|\\p\{", node.text):
        found.append(f"line {node.start_point[0] + 1}: pattern {node.text.decode()}")
    return found + [one for child in node.children for one in newer(child)]


def in_script(text: str) -> list[str]:
    """Whatever a browser of 2015 would stumble over."""
    code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.S | re.M)
    return newer(PARSER.parse(text.encode()).root_node) + [one[0] for one in MISSING.finditer(code)]


def in_style(text: str) -> list[str]:
    """Rules that an older engine would drop as a whole, and functions that it is not asked about."""
    found = re.findall(r":(?:is|where)\([^)]*\)|:not\([^)]*,[^)]*\)|\binset:|@layer|@container|@property|&[\s.:]", text)
    for selector in re.findall(r"([^{}]+)\{", text):
        every = selector.split(",")
        if ":has(" in selector and not all(":has(" in one for one in every):
            found.append(f"{selector.strip()}: :has() beside others")
    return found + UNASKED.findall(ASKED.sub("", text))


@pytest.mark.parametrize("name", sorted(scripts()))
def test_every_script_of_villagers_pages_is_es5(name):
    assert in_script(scripts()[name]) == []


@pytest.mark.parametrize("name", sorted(styles()))
def test_every_style_of_villagers_pages_stands_on_old_engines(name):
    assert in_style(styles()[name]) == []


@pytest.mark.parametrize(
    "code",
    [
        "var f = () => 1;",
        "let a = 1;",
        "const a = 1;",
        "var a = `b`;",
        "f(...a);",
        "var {a} = b;",
        "class A {}",
        "for (var a of b) {}",
        "var a = b?.c;",
        "var a = b ?? c;",
        "var a = {b};",
        "var a = {b() {}};",
        "var a = {[b]: 1};",
        "function f(a = 1) {}",
        "try { f(); } catch { g(); }",
        "f(a,);",
        "var a = 2 ** 3;",
        "async function f() {}",
        "var a = /b/u;",
        "var a = /(?<b>c)/;",
        "fetch('/');",
        "a.includes('b');",
        "document.querySelectorAll('a').forEach(f);",
        "import a from 'b';",
        "var a = ;",
    ],
)
def test_the_check_sees_what_is_younger(code):
    assert in_script(code) != []


@pytest.mark.parametrize(
    "code",
    [
        "a:not([b], [c]) { d: e }",
        ":is(a, b) { d: e }",
        "a:has(b), c { d: e }",
        "a { width: min(1px, 2px) }",
        "a { inset: 0 }",
    ],
)
def test_the_check_sees_styles_that_would_be_dropped(code):
    assert in_style(code) != []


def test_the_check_lets_plain_code_pass():
    assert (
        in_script("(function () { 'use strict'; var a = { get: 1 }; for (var b in a) { f(a[b], /x/gi); } }());") == []
    )
    asked = "@supports (width: min(1px, 2px)) { a { width: min(1px, 2px) } }"
    assert in_style(asked + " b:has(c) { d: e } .p { q: repeat(2, minmax(1px, 1fr)) }") == []
