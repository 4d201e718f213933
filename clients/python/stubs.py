#!/usr/bin/env python3
"""Writes lotbook/functions.pyi, the types of ``system``, from the table of functions that a server offers.

    python3 stubs.py < functions.json      what GET /script/functions answered
"""

import json
import keyword
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parent / "lotbook" / "functions.pyi"

HEAD = '''\
# Made by stubs.py from the server's table of functions.
import datetime
from decimal import Decimal
from typing import Any, Optional, Sequence, Union

Text = Optional[str]
Id = Optional[str]
Word = Optional[str]
Number = Union[float, Decimal, None]
Whole = Optional[int]
Flag = Optional[bool]
Time = Union[datetime.datetime, str, int, None]
Bytes = Union[bytes, str]
List = Optional[Sequence[Any]]

class Date:
    def now(self) -> datetime.datetime: ...
    def fromMillis(self, millis: int) -> datetime.datetime: ...
    def toMillis(self, date: datetime.datetime) -> int: ...
'''

TYPES = {
    "text": "Text",
    "id": "Id",
    "number": "Number",
    "whole number": "Whole",
    "true or false": "Flag",
    "time": "Time",
    "expression": "Text",
    "bytes or text": "Bytes",
    "list": "List",
    "anything": "Any",
}


def stubs(document):
    """The text of the stub file for what ``GET /script/functions`` answered."""
    root = {}
    for family in document["families"]:
        for prefix in family["prefixes"]:
            node = root
            for part in prefix.split(".")[1:]:
                node = node.setdefault(part, {})
            for function in family["functions"]:
                for name in function["names"]:
                    node.setdefault("()", {})[name] = function
    parts = [HEAD]
    write_class("System", root, ["date: Date"], parts)
    return "\n".join(parts)


def write_class(name, node, members, parts):
    """The class of a name space after the classes of those inside it."""
    lines = list(members)
    for part in sorted(node):
        if part != "()":
            inner = (name + part[0].upper() + part[1:]).replace("System", "", 1)
            write_class(inner, node[part], [], parts)
            lines.append("%s: %s" % (part, inner))
    for function in sorted(node.get("()", {})):
        lines.append(signature(function, node["()"][function]))
    parts.append("class %s:\n%s" % (name, "".join("    %s\n" % line for line in lines)))


def signature(name, function):
    parameters = function["parameters"]
    is_keyword = function["style"] == "keyword"
    if any(keyword.iskeyword(parameter["name"]) for parameter in parameters):
        arguments = ["*args: Any", "**kwargs: Any"]
    else:
        arguments = [
            "%s: %s%s" % (
                parameter["name"],
                TYPES.get(parameter["type"], "Word"),
                "" if parameter["required"] and not is_keyword else " = ...",
            )
            for parameter in parameters
        ]
        if is_keyword and arguments:
            arguments.insert(0, "*")
    return "def %s(%s) -> Any: ..." % (name, ", ".join(["self"] + arguments))


if __name__ == "__main__":
    TARGET.write_text(stubs(json.load(sys.stdin)), encoding="utf-8")
