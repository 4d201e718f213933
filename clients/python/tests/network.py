"""A server of the tests' own: it keeps what it is asked and answers what it is told."""

import json
import threading

try:
    from http.server import BaseHTTPRequestHandler, HTTPServer
except ImportError:
    from BaseHTTPServer import BaseHTTPRequestHandler, HTTPServer


class Call(object):
    """One request as it arrived."""

    def __init__(self, handler):
        self.method = handler.command
        self.path = handler.path
        self.headers = dict((name.lower(), value) for name, value in handler.headers.items())
        self.text = handler.rfile.read(int(self.headers.get("content-length", 0))).decode("utf-8")
        self.json = json.loads(self.text) if self.text else None
        self.peer = handler.client_address


class Server(object):
    """Answers each request with what `answer(call)` gives: (status, headers, text), or None to hang up without one."""

    def __init__(self, answer):
        self.calls = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def reply(self):
                call = Call(self)
                outer.calls.append(call)
                answered = answer(call)
                if answered is None:
                    self.close_connection = True
                    return
                status, headers, text = answered
                body = text.encode("utf-8")
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                    if name == "Connection" and value == "close":
                        self.close_connection = True
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()

            do_POST = do_GET = reply

            def log_message(self, *_):
                pass

        self._server = Threads(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.daemon = True
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Threads(HTTPServer):
    """A thread for each connection: clients keep theirs open."""

    def process_request(self, request, client_address):
        thread = threading.Thread(target=self._serve, args=(request, client_address))
        thread.daemon = True
        thread.start()

    def _serve(self, request, client_address):
        try:
            self.finish_request(request, client_address)
        except Exception:
            # The client hung up, which some tests do on purpose.
            pass
        self.shutdown_request(request)


def result(value):
    """A JSON-RPC answer."""
    return 200, {"Content-Type": "application/json"}, json.dumps({"jsonrpc": "2.0", "id": 1, "result": value})


def fault(code, message, **data):
    """A JSON-RPC error."""
    error = {"code": code, "message": message, "data": data or None}
    return 200, {"X-Request-Id": "r-1"}, json.dumps({"jsonrpc": "2.0", "id": 1, "error": error})
