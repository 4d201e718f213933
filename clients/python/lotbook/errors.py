"""How calls fail.

Every exception is a :class:`LotbookError`, and at the same time the Java exception of its meaning: the real
one on Jython, a stand-in (``from lotbook import java``) elsewhere. Scripts catch whichever they know.
"""

from lotbook.compat import JYTHON, PY2, text_type

if JYTHON:
    import java.io
    import java.lang
    import java.util
    import java
else:
    from lotbook.standin import java


class LotbookError(Exception):
    """Whatever can go wrong between a script and the server.

    ``code`` is the JSON-RPC code or the HTTP status, ``request_id`` what the server's log calls the request;
    each is None when there is none.
    """

    code = None
    request_id = None

    def __init__(self, message="", code=None, request_id=None):
        if PY2 and isinstance(message, text_type):
            message = message.encode("utf-8")
        super(LotbookError, self).__init__(message)
        self.code = code
        self.request_id = request_id

    def __str__(self):
        return str(self.args[0]) if self.args else ""

    def __unicode__(self):
        return self.__str__().decode("utf-8")

    def getMessage(self):
        """The message, as Java gives it."""
        return self.__unicode__() if PY2 else self.__str__()

    @property
    def message(self):
        return self.getMessage()


class IllegalArgumentException(LotbookError, java.lang.IllegalArgumentException):
    """An unknown reference, a wrong state, too little stock: the call as such makes sense, but not here and now."""


class ConstraintViolationException(LotbookError, java.lang.RuntimeException):
    """Fields are missing, malformed or taken. ``violations`` maps each field to its messages."""

    violations = {}

    def __init__(self, message="", violations=None, code=None, request_id=None):
        super(ConstraintViolationException, self).__init__(message, code, request_id)
        self.violations = violations if violations is not None else {}


class InUseException(LotbookError, java.lang.RuntimeException):
    """Something else still refers to it, or it is running."""


class SecurityException(LotbookError, java.lang.SecurityException):
    """The token's owner may not do this."""


class AuthenticationError(LotbookError, java.lang.SecurityException):
    """No token was given, or one that the server does not know (any more)."""


class ConcurrentModificationException(LotbookError, java.util.ConcurrentModificationException):
    """Somebody else changed the same thing meanwhile, repeatedly; nothing was done."""


class ConnectionFailed(LotbookError, java.io.IOException):
    """The server could not be reached, or did not answer in time. Whether it did what it was asked for is then not
    known; the call can be made again."""


class ServerError(LotbookError, java.lang.RuntimeException):
    """The server could not cope, or answered something that makes no sense."""


class UnknownFunction(LotbookError, AttributeError):
    """The server has no function of that name."""


class ArgumentsDoNotFit(LotbookError, TypeError):
    """Too many arguments, too few, or one that the function does not take."""


BY_NAME = {
    "IllegalArgumentException": IllegalArgumentException,
    "InUseException": InUseException,
    "SecurityException": SecurityException,
    "ConcurrentModificationException": ConcurrentModificationException,
}
BY_CODE = {
    -32601: UnknownFunction,
    -32602: ArgumentsDoNotFit,
    -32001: IllegalArgumentException,
    -32003: InUseException,
    -32004: SecurityException,
    -32005: ConcurrentModificationException,
}


def from_rpc(fault, request_id=None):
    """The exception that a JSON-RPC error stands for."""
    data = fault.get("data")
    data = data if isinstance(data, dict) else {}
    code, message = fault.get("code"), fault.get("message") or "the server gives no reason"
    if code == -32002 or data.get("type") == "ConstraintViolationException":
        return ConstraintViolationException(message, data.get("violations"), code, request_id)
    kind = BY_CODE.get(code) or BY_NAME.get(data.get("type")) or ServerError
    return kind(message, code, request_id)


def from_http(status, message, request_id=None):
    """The exception that an HTTP status other than 200 stands for."""
    kind = {401: AuthenticationError, 403: SecurityException, 413: IllegalArgumentException}.get(status, ServerError)
    return kind(message, status, request_id)
