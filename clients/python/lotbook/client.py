"""Calls of the server's functions, and ``system``, the object under which scripts know them."""

import os
import threading
import uuid

from lotbook import date as _date
from lotbook import errors, wire
from lotbook.compat import PY2, text_type
from lotbook.transport import Transport

ADDRESS = "http://127.0.0.1:8080"


class Connection(object):
    """A server, and as whom it is asked.

    url       address of the server; LOTBOOK_URL, or http://127.0.0.1:8080
    token     an API key or a token; LOTBOOK_TOKEN
    decimals  numbers with a fraction come as Decimal, exact to the millionth, instead of float
    timeout   seconds that one call may take in all, attempts included
    retries   how often a call is tried again when the connection fails or the server is busy. It carries the same
              idempotency key each time, so that it takes effect once
    """

    def __init__(self, url=None, token=None, decimals=False, timeout=30.0, retries=3):
        self.url = url or os.environ.get("LOTBOOK_URL") or ADDRESS
        self._token = token or os.environ.get("LOTBOOK_TOKEN")
        self._decimals = decimals
        self._transport = Transport(self.url, timeout, retries)
        self._functions = None
        self.system = Namespace(self, "system", {"date": _date})

    def call(self, name, *args, **kwargs):
        """Calls the function of that dotted name and returns what it returns."""
        return self._call(name, args, kwargs)

    def functions(self):
        """Every function that the server offers, by each of its dotted names, with the names of its parameters."""
        if self._functions is None:
            answer = self._request("GET", "/script/functions", None, {})
            self._functions = dict(
                ("%s.%s" % (prefix, name), [parameter["name"] for parameter in function["parameters"]])
                for family in wire.loads(answer.body.decode("utf-8"))["families"]
                for function in family["functions"]
                for prefix in family["prefixes"]
                for name in function["names"]
            )
        return self._functions

    def close(self):
        """Closes the sockets that are kept for the next call; the connection stays usable."""
        self._transport.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __repr__(self):
        return "<lotbook.Connection to %s>" % self.url

    def _call(self, name, args, kwargs):
        if args and kwargs:
            args, kwargs = (), self._named(name, args, kwargs)
        body = wire.dumps({"jsonrpc": "2.0", "id": 1, "method": name, "params": kwargs or list(args)})
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        answer = self._request("POST", "/script", body.encode("utf-8"), headers)
        request_id = answer.headers.get("x-request-id")
        try:
            reply = wire.loads(answer.body.decode("utf-8"), self._decimals)
        except ValueError:
            reply = None
        if not isinstance(reply, dict) or not ("result" in reply or isinstance(reply.get("error"), dict)):
            raise errors.ServerError("%s answered %s with something that is no answer" % (self.url, name), None, request_id)
        if reply.get("error") is not None:
            raise errors.from_rpc(reply["error"], request_id)
        return reply["result"]

    def _named(self, name, args, kwargs):
        """Positional and keyword arguments as keyword arguments, which is all that one request can carry."""
        names = self.functions().get(name)
        if names is None:
            raise errors.UnknownFunction("there is no function %s" % name, -32601)
        if len(args) > len(names):
            raise errors.ArgumentsDoNotFit("%s takes %d arguments, not %d" % (name, len(names), len(args)), -32602)
        named = dict(zip(names, args))
        for key in kwargs:
            if key in named:
                raise errors.ArgumentsDoNotFit("%s got %s twice: by position and by name" % (name, key), -32602)
        named.update(kwargs)
        return named

    def _request(self, method, path, body, headers):
        headers = dict(headers)
        headers["Accept"] = "application/json"
        headers["User-Agent"] = "lotbook-python"
        if self._token:
            headers["Authorization"] = "Bearer " + self._token.strip()
        if PY2:
            # A unicode header would turn the request into text, and its body with it.
            headers = dict((str(key), str(value)) for key, value in headers.items())
        answer = self._transport.request(method, path, body, headers)
        if not 200 <= answer.status < 300:
            raise errors.from_http(answer.status, self._refusal(answer), answer.headers.get("x-request-id"))
        return answer

    def _refusal(self, answer):
        """What the server says about a status other than 200: a problem document, or text."""
        text = answer.body.decode("utf-8", "replace")
        try:
            problem = wire.loads(text)
        except ValueError:
            problem = None
        if isinstance(problem, dict):
            text = problem.get("detail") or problem.get("title") or ""
        if not isinstance(text, text_type):
            text = text_type(text)
        if answer.status == 401:
            hint = "give a token to connect(), or set LOTBOOK_TOKEN"
            return "%s (%s)" % (text, hint) if text else hint
        return text or "%s answered with HTTP status %d" % (self.url, answer.status)


class Namespace(object):
    """A dotted name of the script API. It is called when it names a function and leads on when it names a package;
    ``system.mes.inventory`` is both at once. Which functions there are, the server decides."""

    def __init__(self, connection, path, members=None):
        self.__dict__["_connection"] = connection
        self.__dict__["_path"] = path
        self.__dict__.update(members or {})

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        member = Namespace(self._connection, "%s.%s" % (self._path, name))
        self.__dict__[name] = member
        return member

    def __setattr__(self, name, value):
        raise AttributeError("%s.%s cannot be changed" % (self._path, name))

    def __call__(*args, **kwargs):
        # Without a parameter called self, so that a keyword of that name reaches the function.
        self = args[0]
        return self._connection._call(self._path, args[1:], kwargs)

    def __dir__(self):
        begin = self._path + "."
        return sorted(set(name[len(begin):].split(".")[0] for name in self._connection.functions() if name.startswith(begin)))

    def __repr__(self):
        return "<%s>" % self._path


class Default(object):
    """The connection that ``from lotbook import system`` speaks through: the last one that was connected, or one
    made from the environment when the first call needs it."""

    def __init__(self):
        self._connection = None
        self._lock = threading.Lock()

    def set(self, connection):
        with self._lock:
            self._connection = connection

    def get(self):
        with self._lock:
            if self._connection is None:
                self._connection = Connection()
            return self._connection

    def _call(self, name, args, kwargs):
        return self.get()._call(name, args, kwargs)

    def functions(self):
        return self.get().functions()


default = Default()
system = Namespace(default, "system", {"date": _date})


def connect(url=None, token=None, decimals=False, timeout=30.0, retries=3):
    """Makes a :class:`Connection` and lets ``lotbook.system`` speak through it from now on. Nothing is sent yet."""
    connection = Connection(url, token, decimals, timeout, retries)
    default.set(connection)
    return connection
