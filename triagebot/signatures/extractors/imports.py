"""Code that could not be imported or compiled: a missing module or name, a missing shared library, bad syntax."""

import re

from triagebot.signatures.mask import mask, masked_path
from triagebot.signatures.subject import Finding, Subject, finding

_MODULE = re.compile(r"No module named '?([\w.]{1,200})'?")
"""The module that Python did not find. Hit: `No module named 'shop.cart'`. Miss: `no module`."""
_NAME = re.compile(
    r"cannot import name '?(\w{1,200})'? from (?:partially initialized module )?'?([\w.]{1,200})'?"
)
"""The name that a module does not have, and the module.

Hit: `cannot import name 'Cart' from 'shop.cart'`
Miss: `cannot import name 'Cart'`
"""
_OLD_NAME = re.compile(r"cannot import name '?(\w{1,200})'?")
"""The same, as older Pythons say it. Hit: `cannot import name 'Cart'`. Miss: `cannot import Cart`."""
_LIBRARY = re.compile(
    r"(?:libraries: |^|\s)([\w.+-]{2,120}\.(?:so|dylib|dll)[\w.]{0,20}): cannot open shared object"
    r"|DLL load failed while importing (\w{1,100})"
)
"""The shared library that the loader did not find.

Hit: `libpq.so.5: cannot open shared object file`
Hit: `DLL load failed while importing _ssl`
Miss: `libpq.so.5 is old`
"""
_ATTRIBUTE = re.compile(
    r"(?:partially initialized )?module '([\w.]{1,200})' has no attribute '(\w{1,200})'"
    r"(?P<circular>.{0,40}circular import)?"
)
"""A module that lacks a name, perhaps for it is not loaded in full yet.

Hit: `partially initialized module 'shop' has no attribute 'Cart' (most likely due to a circular import)`
Miss: `'Cart' has no attribute 'add'`
"""
_NODE = re.compile(r"Cannot find (?:module|package) '([^'\n]{1,200})'")
"""The module that Node did not find. Hit: `Cannot find module './cart'`. Miss: `Cannot find cart`."""
_FILE = re.compile(r'File "([^"\n]{1,400})", line \d{1,7}')
"""The file that could not be compiled. Hit: `File "/srv/shop/cart.py", line 5`. Miss: `File "/srv/shop/cart.py"`."""
_SYNTAX = frozenset(("SyntaxError", "IndentationError", "TabError"))
_TYPES = frozenset(("ModuleNotFoundError", "ImportError", "ConftestImportFailure", "CollectError"))


_ELSEWHERE = re.compile(
    r"cannot load such file -- ([^\s]{1,200})|Failed to resolve import \"([^\"\n]{1,200})\""
    r"|no required module provides package ([^\s;]{1,200})"
    r"|package ([\w./-]{1,200}) is not in (?:GOROOT|std)"
    r"|Class \"([\w\\]{1,200})\" not found|Could not load file or assembly '([\w.]{1,200})[,']"
    r"|unresolved import `([\w:]{1,200})`|Importing (?:test )?library '([^'\n]{1,200})' failed"
)
r"""Ruby, Vite, Go, PHP, .NET, Rust, Robot Framework.

Hit: `cannot load such file -- shop/cart`
Hit: `Failed to resolve import "./cart"`
Hit: `Class "Shop\Cart" not found`
Miss: `file not found`
"""
_CLASS = re.compile(r"^([\w./$]{1,200})")
"""The class that a JVM's exception begins with. Hit: `shop/Cart`. Miss: `"shop"`."""


def _of_class(subject: Subject) -> re.Match[str] | None:
    """The class that a JVM did not find."""
    return (
        _CLASS.match(subject.text)
        if subject.type in {"ClassNotFoundException", "NoClassDefFoundError"}
        else None
    )


def imports(subject: Subject) -> Finding | None:
    """`import` with module and name, or `syntax` with the error and the file."""
    if (
        subject.type in _SYNTAX
        and subject.qualified == subject.type
        and not (subject.foreign and "json" in subject.lowered)
    ):
        return _syntax(subject)
    low = subject.lowered
    if subject.foreign and (elsewhere := _ELSEWHERE.search(subject.text) or _of_class(subject)):
        name = (
            next(filter(None, elsewhere.groups())).replace("/", ".")
            if subject.type.startswith("NoClass")
            else next(filter(None, elsewhere.groups()))
        )
        module = masked_path(name) if name.startswith((".", "/")) else name
        return finding("import", f"No module named {module}", elsewhere[0], module=module)
    if "cannot find" in low and (found := _NODE.search(subject.text)):
        module = found[1] if not found[1].startswith((".", "/")) else masked_path(found[1])
        return finding("import", f"No module named {module}", found[0], module=module)
    if (
        subject.type not in _TYPES
        and "no module named" not in low
        and "cannot import name" not in low
        and "shared object" not in low
    ):
        return None
    return _missing(subject)


def _missing(subject: Subject) -> Finding | None:
    """Which module, name or library is missing."""
    text = subject.text
    if found := _MODULE.search(text):
        return finding("import", f"No module named {found[1]}", found[0], module=found[1])
    if found := _NAME.search(text):
        return finding(
            "import", f"Cannot import {found[1]} from {found[2]}", found[0], module=found[2], name=found[1]
        )
    if found := _LIBRARY.search(text):
        name = found[1] or found[2]
        return finding("import", f"Shared library {name} cannot be loaded", found[0], library=name)
    if found := _OLD_NAME.search(text):
        return finding("import", f"Cannot import {found[1]}", found[0], name=found[1])
    return None


def _syntax(subject: Subject) -> Finding | None:
    """The compiler's words and the file that it read."""
    found = _FILE.search(subject.text)
    said = mask(subject.first.partition(" (")[0].strip())
    place = masked_path(found[1]) if found else ""
    at = f" in {place}" if place else ""
    return finding("syntax", f"{subject.type}{at}: {said}", subject.first, error=said, file=place)
