#!/usr/bin/env python3
"""Runs the client's tests on a server of their own, once under CPython and once under Jython.

    python3 tests/run.py PROGRAM [--schema FILE]

PROGRAM is the built `lotbook`. Each interpreter gets a fresh SQLite database and a server on a free port. Under CPython
it is the package as `pip install` puts it into a new virtual environment that is tested; under Jython its sources. What
the tests have done must pass `lotbook verify` afterwards. With --schema, what `lotbook export epcis` says of it must be
valid by GS1's JSON schema. An interpreter that is missing is a failure.
"""

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent
CLIENT = TESTS.parent
# What `--schema` needs; of the program itself nothing.
VALIDATOR = "jsonschema[format-nongpl]==4.25.1"


def say(text):
    print("\n--> " + text, flush=True)


class House:
    """A database, a server on it and a token."""

    def __init__(self, program, directory):
        self.program = program
        self.environment = dict(os.environ, LOTBOOK_DATABASE="sqlite:%s/lotbook.db" % directory)
        self.environment["LOTBOOK_ADMIN_PASSWORD"] = secrets.token_urlsafe(12)
        self.log = open(Path(directory) / "server.log", "w+")

    def __enter__(self):
        command = [self.program, "serve", "--listen", "127.0.0.1:0"]
        self.server = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.server.stdout.readline()
        if not line.startswith("listening on "):
            self.log.seek(0)
            raise SystemExit("the server did not start: %s%s" % (line, self.log.read()))
        self.environment["LOTBOOK_URL"] = line.split()[-1]
        self.environment["LOTBOOK_TOKEN"] = self.lotbook("token", "create", "--user", "admin").strip()
        self.lotbook("user", "create", "reader", "--role", "reader")
        self.environment["LOTBOOK_READER_TOKEN"] = self.lotbook("token", "create", "--user", "reader").strip()
        return self

    def lotbook(self, *arguments):
        return subprocess.run([self.program, *arguments], env=self.environment, check=True, stdout=subprocess.PIPE, text=True).stdout

    def __exit__(self, *_):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(30)
        self.log.close()


def virtual_environment(directory, packages):
    subprocess.run([sys.executable, "-m", "venv", directory / "venv"], check=True)
    python = directory / "venv" / "bin" / "python"
    # A copy, because building leaves files beside the sources.
    shutil.copytree(CLIENT, directory / "client", ignore=shutil.ignore_patterns("*.class", "__pycache__", "*.egg-info", "build"))
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, directory / "client", *packages], check=True)
    return str(python)


def validate(python, schema, document, directory):
    path = directory / "epcis.jsonld"
    path.write_text(document, encoding="utf-8")
    subprocess.run([python, TESTS / "epcis.py", schema, path], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--schema", help="GS1's EPCIS-JSON-Schema.json")
    options = parser.parse_args()
    program = str(Path(options.program).resolve())
    failed = []
    for name in ("CPython", "Jython"):
        with tempfile.TemporaryDirectory(prefix="lotbook-client.") as made:
            directory = Path(made)
            paths = {"PYTHONDONTWRITEBYTECODE": "1"}
            if name == "CPython":
                interpreter = virtual_environment(directory, [VALIDATOR] if options.schema else [])
            else:
                interpreter = shutil.which("jython")
                paths["JYTHONPATH"] = str(CLIENT)
                if interpreter is None:
                    failed.append("Jython is not there: install what Debian calls jython")
                    continue
            with House(program, directory) as house:
                say("%s: %s" % (name, house.environment["LOTBOOK_URL"]))
                command = [interpreter, "-m", "unittest", "discover", "-s", str(TESTS)]
                if subprocess.run(command, env=dict(house.environment, **paths), cwd=directory).returncode:
                    failed.append("tests under %s" % name)
                if name == "CPython" and options.schema:
                    validate(interpreter, options.schema, house.lotbook("export", "epcis"), directory)
            verified = subprocess.run([program, "verify"], env=house.environment, stdout=subprocess.PIPE, text=True)
            if verified.returncode:
                failed.append("lotbook verify after %s:\n%s" % (name, verified.stdout))
    for failure in failed:
        print("FAILED: " + failure)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
