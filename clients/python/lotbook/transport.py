"""Requests and answers over HTTP: connections that are kept, time-outs, and trying again."""

import random
import socket
import threading
import time
from email.utils import parsedate_tz, mktime_tz

from lotbook.compat import PY2, http_client, unquote, urlsplit
from lotbook.errors import ConnectionFailed

# The server is busy or about to end; the same request later will do.
_LATER = (429, 503)
# Where several threads share a connection, so many sockets are kept for the next call.
_KEPT = 8
_LONGEST_PAUSE = 30.0


class Answer(object):
    """What came back."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body


class Transport(object):
    """One server. May be shared by threads; each request uses a socket of its own."""

    def __init__(self, url, timeout, retries):
        parts = urlsplit(url if "//" in url else "//" + url, scheme="http")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("%r is no address of a server: it reads like http://127.0.0.1:8080" % url)
        self._secure = parts.scheme == "https"
        self._host = unquote(parts.hostname)
        self._port = parts.port or (443 if self._secure else 80)
        self._base = parts.path.rstrip("/")
        self._shown = "%s://%s:%d%s" % (parts.scheme, self._host, self._port, self._base)
        self._timeout = timeout
        self._retries = retries
        self._idle = []
        self._lock = threading.Lock()

    def request(self, method, path, body, headers):
        """The server's answer, whatever its status.

        Tries again when the connection fails and when the server asks for a pause (429, 503), at most ``retries``
        times and never beyond ``timeout`` seconds in all. The request must therefore be one that may arrive twice:
        reading, or with an ``Idempotency-Key``. Raises ConnectionFailed.
        """
        deadline = time.time() + self._timeout
        attempt = 0
        while True:
            failure, answer, wait = None, None, None
            try:
                answer = self._once(method, path, body, headers, deadline)
                if answer.status not in _LATER:
                    return answer
                wait = _retry_after(answer.headers.get("retry-after"))
            except socket.timeout:
                raise ConnectionFailed("%s did not answer within %g seconds" % (self._shown, self._timeout))
            except (socket.error, http_client.HTTPException, EOFError) as error:
                failure = error
            if wait is None:
                wait = min(0.1 * 2 ** attempt, 5.0) * (0.5 + random.random())
            if attempt >= self._retries or time.time() + wait >= deadline or wait > _LONGEST_PAUSE:
                if answer is not None:
                    return answer
                raise ConnectionFailed("%s cannot be reached: %s" % (self._shown, _reason(failure)))
            attempt += 1
            time.sleep(wait)

    def _once(self, method, path, body, headers, deadline):
        """One attempt. A kept socket that the server has closed meanwhile is no failure: a fresh one is opened."""
        while True:
            connection = self._take()
            kept = connection is not None
            if not kept:
                connection = self._open()
            try:
                return self._exchange(connection, method, path, body, headers, deadline)
            except (socket.timeout, http_client.HTTPException, socket.error) as error:
                connection.close()
                if not kept or isinstance(error, socket.timeout):
                    raise
            except BaseException:
                connection.close()
                raise

    def _exchange(self, connection, method, path, body, headers, deadline):
        remaining = deadline - time.time()
        if remaining <= 0:
            raise socket.timeout("timed out")
        connection.timeout = remaining
        if connection.sock is not None:
            connection.sock.settimeout(remaining)
        connection.request(method, self._base + path, body, headers)
        response = connection.getresponse()
        body = response.read()
        answer = Answer(response.status, dict((name.lower(), value) for name, value in response.getheaders()), body)
        if response.will_close:
            connection.close()
        else:
            self._keep(connection)
        return answer

    def _open(self):
        kind = http_client.HTTPSConnection if self._secure else http_client.HTTPConnection
        return kind(self._host, self._port)

    def _take(self):
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _keep(self, connection):
        with self._lock:
            if len(self._idle) < _KEPT:
                self._idle.append(connection)
                return
        connection.close()

    def close(self):
        """Closes the kept sockets. The next request opens new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


def _retry_after(value):
    """Seconds to wait, from a number or a date; None when neither."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        parsed = parsedate_tz(value)
        return None if parsed is None else max(0.0, mktime_tz(parsed) - time.time())


def _reason(error):
    text = str(error)
    if PY2 and not text:
        text = repr(error)
    return text or type(error).__name__
