"""Names of tests: one join id in every format, and a node id to show where a format lost it.

In: a node id, or JUnit's classname, name and file. Out: strings. Two spellings of one test must give one join id;
nothing here guesses which test a text is about.
"""

import re

_PYTEST_FILES = (".py", ".pyx", ".md", ".rst", ".txt", ".yaml", ".yml", ".ipynb")
_NUMBER = re.compile(r" \(namesake [0-9]{1,9}\)\Z")
"""What tells one test from others of its name, at the end of an id.

Hit: `tests/test_cart.py::test_add (namesake 2)`
Miss: `test_add (2)`
"""


def numbered(name: str, number: int) -> str:
    """The name of one of several tests that share it: nothing that a person would write."""
    return f"{name} (namesake {number})"


def shared_name(name: str) -> str:
    """The name that a numbered test shares with others; any other name as it is."""
    return _NUMBER.sub("", name) if name.endswith(")") else name


def join_id(test: str) -> str:
    """The id of a test that is the same in every format: `/`, `::` and `.py` of the node id folded to dots.

    Parameters stay verbatim. Backslashes of a Windows path count as slashes. A name without `::` is taken as a path,
    or as an id that is dotted already. The number of a namesake stays at the end.
    """
    own = shared_name(test)
    path, inner, rest = own.partition("::")
    number = test[len(own) :]
    if not inner:
        path, rest = _without_params(own)
        return f"{_folded(path)}{rest}{number}"
    name, params = _without_params(rest)
    return f"{_folded(path)}.{name.replace('::', '.')}{params}{number}"


def _without_params(name: str) -> tuple[str, str]:
    """A name and its bracketed parameters, which run from the first bracket to the end."""
    at = name.find("[")
    return (name[:at], name[at:]) if at > 0 and name.endswith("]") else (name, "")


def _folded(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").replace("\\", ".")


def pytest_node_id(classname: str, name: str, file: str) -> str:
    """The node id behind a JUnit case of pytest, for display: exact with a `file`, else by Python's naming habits.

    Without `file`, trailing capitalised parts of the classname are taken as classes and the rest as the module. A case
    without classname is a collector: its name is the module.
    """
    if not classname:
        return name if name.endswith(".py") or not name else _module_path(name)
    module, classes = _by_file(classname, file) or _by_habit(classname)
    return "::".join([module, *classes, name])


def is_node_id(test: str) -> bool:
    """Whether the id that is shown is one that pytest takes as an argument: other runners' files are no Python, and no text with doctests."""
    path, within, _name = test.partition("::")
    return path.endswith(_PYTEST_FILES) and bool(within or path.endswith(".py"))


def node_id(join: str) -> str:
    """The node id that a join id of pytest most likely stands for, by Python's naming habits; the id itself where there is no module."""
    own = shared_name(join)
    name, params = _without_params(own)
    classname, _, function = name.rpartition(".")
    return pytest_node_id(classname, function + params + join[len(own) :], "") if classname else join


def _by_file(classname: str, file: str) -> tuple[str, list[str]] | None:
    """Module path and classes when `file` is where the classname starts (an inherited test lives elsewhere)."""
    path = file.replace("\\", "/")
    dotted = _folded(path)
    if not path or not (classname == dotted or classname.startswith(dotted + ".")):
        return None
    return path, [part for part in classname[len(dotted) + 1 :].split(".") if part]


def _by_habit(classname: str) -> tuple[str, list[str]]:
    parts = classname.split(".")
    split = len(parts)
    while split > 1 and parts[split - 1][:1].isupper():
        split -= 1
    return _module_path(".".join(parts[:split])), parts[split:]


def _module_path(dotted: str) -> str:
    return dotted.replace(".", "/") + ".py"
