"""``python -m lotbook FILE.py`` runs a script; without a file there is a prompt.

Scripts find ``system`` without importing it, and can import ``java.lang`` wherever they run.
"""

from __future__ import print_function

import argparse
import code
import os
import sys
import traceback

import lotbook
from lotbook.compat import JYTHON


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m lotbook", description="Runs a script against a Lotbook server.")
    parser.add_argument("file", nargs="?", help="the script; - reads it from standard input; without one there is a prompt")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what the script finds in sys.argv")
    parser.add_argument("--url", help="the server (LOTBOOK_URL, or http://127.0.0.1:8080)")
    parser.add_argument("--token", help="an API key or a token; better in LOTBOOK_TOKEN, where no other user sees it")
    parser.add_argument("--decimals", action="store_true", help="numbers with a fraction as Decimal instead of float")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="how long one call may take (30)")
    options = parser.parse_args(arguments)
    connection = lotbook.connect(options.url, options.token, options.decimals, options.timeout)
    offer_java()
    scope = {"__name__": "__main__", "__builtins__": __builtins__, "system": lotbook.system, "lotbook": lotbook}
    scope["java"] = lotbook.java
    if options.file is None:
        prompt(connection, scope)
        return 0
    return run(options.file, options.arguments, scope)


def offer_java():
    """Lets scripts say ``import java.lang`` where there is no Java."""
    if not JYTHON:
        from lotbook import standin

        for package in (standin.java, standin.lang, standin.util, standin.io):
            sys.modules.setdefault(package.__name__, package)


def run(file, arguments, scope):
    if file == "-":
        name, source = "<stdin>", sys.stdin.read()
    else:
        name = scope["__file__"] = file
        try:
            with open(file, "rb") as opened:
                source = opened.read()
        except IOError as error:
            print("error: %s cannot be read: %s" % (file, error.strerror or error), file=sys.stderr)
            return 2
        sys.path.insert(0, os.path.dirname(os.path.abspath(file)))
    sys.argv = [name] + arguments
    try:
        # The script's language is its own, not that of this file.
        exec(compile(source, name, "exec", 0, 1), scope)
    except Exception:
        tell(*sys.exc_info())
        return 1
    return 0


def tell(kind, error, trace):
    """Prints where a script failed, without the lines of this package."""
    package = os.path.dirname(os.path.abspath(__file__))
    lines = [line for line in traceback.extract_tb(trace) if not os.path.abspath(line[0]).startswith(package)]
    print("".join(["Traceback (most recent call last):\n"] + traceback.format_list(lines)), end="", file=sys.stderr)
    print("".join(traceback.format_exception_only(kind, error)), end="", file=sys.stderr)


def prompt(connection, scope):
    try:
        import readline
        import rlcompleter

        readline.set_completer(rlcompleter.Completer(scope).complete)
        readline.parse_and_bind("tab: complete")
    except ImportError:
        pass
    code.interact(banner="Lotbook at %s. The functions are under system.mes." % connection.url, local=scope)


if __name__ == "__main__":
    sys.exit(main())
