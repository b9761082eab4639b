"""Check the rules of docs/architecture.md: layers, libraries, sizes, errors, and text from outside."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "archive"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
LONGEST = 400

# The modules of this package that each layer may import, besides its own.
BASE = {"errors", "text", "files", "file_status", "inputs", "collector", "child_process"}
ALLOWED = {
    "text": set(),
    "errors": {"text"},
    "files": {"errors", "text"},
    "file_status": {"errors", "text", "files"},
    "inputs": {"errors", "text", "files"},
    "collector": set(),
    "child_process": set(),
    "settings": BASE,
    "model": BASE,
    "store": {"model", *BASE},
    "analysis": {"model", *BASE},
    "exchange": {"model", *BASE},
    "service": {"store", "analysis", "exchange", "model", "settings", *BASE},
    "ui": {"service", "store", "analysis", "exchange", "model", "settings", "", *BASE},
    "cli": {"ui", "service", "store", "analysis", "exchange", "model", "settings", "", *BASE},
    "__main__": {"cli", "", *BASE},
    "": set(),
}
# Types of the store that the service returns, so screens and commands may import them too.
OF_THE_STORE = {"Change", "Entry", "Sort", "UNSORTED"}
# Third-party libraries by layer; those under "later" are imported only inside functions.
OUTSIDE = {"store": {"tinydb"}, "ui": {"textual", "rich"}}
OUTSIDE_LATER = {"model": {"dateutil", "phonenumbers"}}


def layer_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


@cache
def nodes(path: Path) -> list[ast.AST]:
    """Return all nodes of the syntax tree of a file."""
    return list(ast.walk(ast.parse(path.read_text("utf-8"), str(path))))


@cache
def imported(path: Path, *, at_once: bool = False) -> list[str]:
    """Return the names of all modules that a file imports; with `at_once` only imports at module level."""
    lines = {
        inner.lineno
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if hasattr(inner, "lineno")
    }
    names = []
    for node in nodes(path):
        if at_once and getattr(node, "lineno", 0) in lines:
            continue
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: use absolute imports"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def libraries(path: Path, *, at_once: bool = False) -> set[str]:
    """Return the third-party libraries that a file imports."""
    names = {name.split(".")[0] for name in imported(path, at_once=at_once)}
    return names - sys.stdlib_module_names - {"archive"}


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def violations(
    rule: Callable[[Path], object], *layers: str, without: frozenset[str] = frozenset()
) -> dict[str, object]:
    """Return what `rule` finds wrong in the modules of some layers, by file; by default in all of them."""
    paths = [path for path in MODULES if layer_of(path) in (layers or ALLOWED) and named(path) not in without]
    assert paths
    return {named(path): wrong for path in paths if (wrong := rule(path))}


def test_a_layer_imports_only_lower_layers():
    def too_high(path: Path) -> set[str]:
        layer = layer_of(path)
        ours = [name.split(".")[1:] for name in imported(path) if name.split(".")[0] == "archive"]
        return {parts[0] if parts[0] in ALLOWED else "" for parts in ours} - {layer, *ALLOWED[layer]}

    assert violations(too_high) == {}


STARTS = {
    "Popen",
    "run",
    "call",
    "check_call",
    "check_output",
    "getoutput",
    "getstatusoutput",
    "system",
    "popen",
}


def started(path: Path) -> list[str]:
    """Return the functions by which a file starts processes."""
    return [
        node.func.attr
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("subprocess", "os")
        and (node.func.attr in STARTS or node.func.attr.startswith(("exec", "spawn", "posix_spawn")))
    ]


def test_only_one_module_starts_processes():
    assert violations(started).keys() == {"child_process.py"}


def test_screens_and_commands_reach_the_store_through_the_service():
    def of_the_store(path: Path) -> set[str]:
        used = {name for name in imported(path) if name.startswith("archive.store")}
        return used - {f"archive.store.{name}" for name in OF_THE_STORE}

    assert violations(of_the_store, "ui", "cli") == {}


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def needs() -> dict[str, set[str]]:
    """Map each module of the package to the modules it imports, even inside functions or for type checking."""
    ours = {module_of(path) for path in MODULES}

    def module_in(name: str) -> str:
        return name if name in ours else name.rpartition(".")[0]

    return {
        module_of(path): {module_in(name) for name in imported(path)} & ours - {module_of(path)}
        for path in MODULES
    }


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the modules in import cycles, or between two cycles, each followed by its imports among them.

    Repeatedly removes modules that no other imports, or that import no other, until only cycles remain.
    """
    left = dict(graph)
    while True:
        used = set().union(*left.values())
        ends = [name for name, uses in left.items() if name not in used or not uses & left.keys()]
        if not ends:
            return [[name, *sorted(uses & left.keys())] for name, uses in sorted(left.items())]
        for name in ends:
            del left[name]


def test_there_are_no_import_cycles():
    assert circles(needs()) == []


def test_the_rule_finds_only_cycles():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"b"}}) == [["b", "c"], ["c", "b"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


# Layers of the terminal program: each may import those before it. navigation.py names screens without importing them.
FLOORS = ["widgets", "screens", "app"]


def test_screens_import_widgets_and_the_app_imports_screens_but_not_vice_versa():
    def from_above(path: Path) -> set[str]:
        floor = path.relative_to(PACKAGE / "ui").parts[0].removesuffix(".py")
        above = FLOORS[FLOORS.index(floor) + 1 :] if floor in FLOORS else FLOORS
        return {name.split(".")[2] for name in imported(path) if name.startswith("archive.ui.")} & set(above)

    assert violations(from_above, "ui") == {}


def test_only_its_own_layer_imports_a_library():
    def not_allowed(path: Path) -> set[str]:
        layer = layer_of(path)
        return libraries(path) - OUTSIDE.get(layer, set()) - OUTSIDE_LATER.get(layer, set())

    assert violations(not_allowed) == {}


def test_the_rules_allow_only_libraries_that_a_layer_uses():
    for layer in OUTSIDE.keys() | OUTSIDE_LATER.keys():
        used = set().union(*(libraries(path) for path in MODULES if layer_of(path) == layer))
        assert used == OUTSIDE.get(layer, set()) | OUTSIDE_LATER.get(layer, set()), layer


def test_slow_libraries_are_imported_on_demand():
    def too_early(path: Path) -> set[str]:
        return libraries(path, at_once=True) - OUTSIDE.get(layer_of(path), set())

    assert violations(too_early) == {}


def test_no_error_is_silently_swallowed():
    def too_broad(path: Path) -> list[int]:
        return [
            node.lineno
            for node in nodes(path)
            if isinstance(node, ast.ExceptHandler)
            and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
            and not isinstance(node.body[-1], ast.Raise)
        ]

    assert violations(too_broad) == {}


def test_only_the_module_that_guards_formulas_writes_csv():
    def writers(path: Path) -> list[int]:
        return [
            node.lineno for node in nodes(path) if isinstance(node, ast.Attribute) and node.attr == "writer"
        ]

    assert violations(writers).keys() == {"exchange/writer.py"}


def test_no_file_is_too_long():
    def length(path: Path) -> int:
        lines = len(path.read_text("utf-8").splitlines())
        return lines if lines > LONGEST else 0

    assert violations(length) == {}


def loaded_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_no_libraries():
    before = loaded_by("pass")
    assert loaded_by("import archive") - before <= {"archive"}


def test_the_command_line_starts_without_the_terminal_toolkit():
    assert not loaded_by("import archive.cli") & {"textual", "rich", "dateutil", "phonenumbers"}


# Text from users and files reaches the toolkit only through ui/safe_text.py.
SHOWS_TEXT = {"Static", "Label", "Button", "Option", "Content", "Selection", "Tab", "TabPane"}
TAKES_TEXT = {"update", "notify", "from_markup", "set_title"}
HOLDS_TEXT = {"tooltip", "border_title", "border_subtitle"}


def is_ours(node: ast.expr) -> bool:
    """Whether an expression may be shown: anything but attributes, f-strings and calls of str, _, join or format."""
    if isinstance(node, ast.JoinedStr):
        return not any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return is_ours(node.left) and is_ours(node.right)
    if isinstance(node, ast.IfExp):
        return is_ours(node.body) and is_ours(node.orelse)
    if isinstance(node, ast.Call):
        function = ast.unparse(node.func)
        joins_text = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant)
        return function not in ("str", "_") and not function.endswith(".format") and not joins_text
    return not isinstance(node, ast.Attribute)


def is_translated(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "_"


def shown(parts: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """Yield every expression that a syntax tree passes to the toolkit as text, judging by names."""
    for node in parts:
        if isinstance(node, ast.Assign):
            targets = {target.attr for target in node.targets if isinstance(target, ast.Attribute)}
            if targets & HOLDS_TEXT:
                yield node.value
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            is_shown = name in SHOWS_TEXT or (name in TAKES_TEXT and isinstance(node.func, ast.Attribute))
            if is_shown and node.args:
                yield node.args[0]


def unsafe(parts: Iterable[ast.AST]) -> list[str]:
    """Return the expressions of a syntax tree that may pass outside text to the toolkit."""
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in shown(parts)
        if not is_translated(node) and not is_ours(node)
    ]


def test_outside_text_reaches_the_toolkit_only_through_safe_text():
    wrong = violations(lambda path: unsafe(nodes(path)), "ui", without=frozenset({"ui/safe_text.py"}))
    assert wrong == {}


@pytest.mark.parametrize(
    "line",
    [
        "Static(f'{name}')",
        "Label(customer.name)",
        "self.notify(_('{x}').format(x=x))",
        "box.update(str(value))",
        "box.border_title = customer.name",
        "Static('a' + customer.name)",
        "Static(customer.name if x else '')",
        "Static(', '.join(names))",
    ],
)
def test_the_rule_finds_text_that_bypasses_safe_text(line):
    assert unsafe(ast.walk(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    ["Static('a')", "Label(_('Name'))", "self.notify(plain(name))", "values.update(x)", "Static(content)"],
)
def test_the_rule_allows_our_own_texts(line):
    assert not unsafe(ast.walk(ast.parse(line)))


def test_the_style_of_a_widget_selects_its_own_class():
    """A style whose selector names another class, such as a former name, has no effect."""

    def of_another(path: Path) -> list[str]:
        return [
            node.name
            for node in nodes(path)
            if isinstance(node, ast.ClassDef)
            for item in node.body
            if isinstance(item, ast.Assign) and "DEFAULT_CSS" in map(ast.unparse, item.targets)
            if isinstance(item.value, ast.Constant) and node.name not in item.value.value
        ]

    assert violations(of_another, "ui") == {}
