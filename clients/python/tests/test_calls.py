# coding: utf-8
"""Calls over the network: what is sent, and what failures become."""

import os
import threading
import time
import unittest
from decimal import Decimal

import lotbook
from lotbook import java
from lotbook.compat import JYTHON
from network import Server, fault, result


class Calls(unittest.TestCase):
    def serve(self, answer, **options):
        self.server = Server(answer)
        self.addCleanup(self.server.close)
        options.setdefault("token", "secret")
        connection = lotbook.Connection(self.server.url, **options)
        self.addCleanup(connection.close)
        return connection.system

    def refusal(self, kind, answer, **options):
        options.setdefault("retries", 0)
        system = self.serve(lambda _: answer, **options)
        with self.assertRaises(kind) as refused:
            system.mes.inventory.getLot("x")
        return refused.exception


class Sending(Calls):
    def test_a_dotted_name_is_a_function_and_a_package(self):
        system = self.serve(lambda call: result(call.json["method"]))
        self.assertEqual(system.mes.inventory.consume(), "system.mes.inventory.consume")
        self.assertEqual(system.mes.inventory.operation.newInventoryOperation(),
                         "system.mes.inventory.operation.newInventoryOperation")
        self.assertEqual(repr(system.mes.inventory), "<system.mes.inventory>")
        with self.assertRaises(AttributeError):
            system.mes.inventory.consume = 1

    def test_positions_are_a_list_and_keywords_an_object(self):
        system = self.serve(lambda call: result(call.json["params"]))
        self.assertEqual(system.mes.a("op", "MILK-001", None), ["op", "MILK-001", None])
        self.assertEqual(system.mes.a(), [])
        self.assertEqual(system.mes.a(**{"name": "x", "from": 1, "self": 2}), {"name": "x", "from": 1, "self": 2})
        call = self.server.calls[0]
        self.assertEqual((call.method, call.path, call.json["jsonrpc"]), ("POST", "/script", "2.0"))
        self.assertEqual(call.headers["content-type"], "application/json")
        self.assertEqual(call.headers["authorization"], "Bearer secret")

    def test_positions_and_keywords_mixed_become_keywords(self):
        start = {"names": ["start", "begin"], "parameters": [{"name": "id"}, {"name": "lot"}, {"name": "at"}]}
        table = {"families": [{"prefixes": ["system.mes"], "functions": [start]}]}

        def answer(call):
            return (200, {}, lotbook.client.wire.dumps(table)) if call.method == "GET" else result(call.json["params"])

        system = self.serve(answer)
        self.assertEqual(system.mes.start("op", at=5), {"id": "op", "at": 5})
        self.assertEqual(system.mes.start("op", lot="M"), {"id": "op", "lot": "M"})
        self.assertEqual([call.path for call in self.server.calls], ["/script/functions", "/script", "/script"])
        with self.assertRaises(TypeError):
            system.mes.start("op", id="op")
        with self.assertRaises(TypeError):
            system.mes.start("op", "lot", 1, 2, at=3)
        with self.assertRaises(AttributeError):
            system.mes.stop("op", at=3)
        self.assertEqual(dir(system.mes), ["begin", "start"])

    def test_each_call_has_its_own_idempotency_key(self):
        system = self.serve(lambda _: result(None))
        system.mes.a()
        system.mes.a()
        keys = [call.headers["idempotency-key"] for call in self.server.calls]
        self.assertEqual(len(set(keys)), 2)

    def test_calls_share_one_socket(self):
        system = self.serve(lambda _: result(None))
        for _ in range(5):
            system.mes.a()
        self.assertEqual(len(set(call.peer for call in self.server.calls)), 1)

    def test_threads_do_not_share_one(self):
        system = self.serve(lambda call: time.sleep(0.05) or result(call.json["params"]))
        seen = []
        threads = [threading.Thread(target=lambda n=n: seen.append((n, system.mes.a(n)))) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(seen), [(n, [n]) for n in range(6)])

    def test_a_socket_that_was_closed_meanwhile_is_opened_again(self):
        system = self.serve(lambda _: result(7), retries=0)
        system.mes.a()
        for kept in system._connection._transport._idle:
            kept.sock.close()
            kept.sock = ClosedSocket()
        self.assertEqual(system.mes.a(), 7)
        self.assertEqual(len(self.server.calls), 2)

    def test_numbers_as_decimals(self):
        number = (200, {}, '{"jsonrpc": "2.0", "id": 1, "result": {"quantity": 0.1}}')
        self.assertEqual(self.serve(lambda _: number).mes.a().quantity, 0.1)
        exact = self.serve(lambda _: number, decimals=True).mes.a().quantity
        self.assertEqual((type(exact), exact), (Decimal, Decimal("0.1")))

    def test_the_address_and_the_token_of_the_environment(self):
        server = Server(lambda call: result(call.headers.get("authorization")))
        self.addCleanup(server.close)
        kept = dict((name, os.environ.get(name)) for name in ("LOTBOOK_URL", "LOTBOOK_TOKEN"))
        try:
            os.environ["LOTBOOK_URL"], os.environ["LOTBOOK_TOKEN"] = server.url + "/", "of the environment"
            connection = lotbook.connect()
            self.addCleanup(connection.close)
            self.assertEqual(connection.system.mes.a(), "Bearer of the environment")
            self.assertEqual(lotbook.system.mes.a(), "Bearer of the environment")
        finally:
            for name, value in kept.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
            lotbook.client.default.set(None)

    def test_an_address_that_is_none(self):
        for url in ("ftp://x", "http://", ""):
            if url:
                with self.assertRaises(ValueError):
                    lotbook.Connection(url)


class ClosedSocket(object):
    """What the client finds in the place of a socket that the other side has closed."""

    def settimeout(self, _):
        pass

    def sendall(self, *_):
        raise IOError("Broken pipe") if not JYTHON else lotbook.transport.socket.error("Broken pipe")

    def close(self):
        pass


class Refusals(Calls):
    def test_exceptions_by_their_names_and_java_s(self):
        refused = self.refusal(lotbook.IllegalArgumentException, fault(-32001, "no lot x", type="IllegalArgumentException"))
        self.assertIsInstance(refused, java.lang.IllegalArgumentException)
        self.assertIsInstance(refused, java.lang.Exception)
        self.assertIsInstance(refused, lotbook.LotbookError)
        self.assertEqual((str(refused), refused.getMessage(), refused.message), ("no lot x",) * 3)
        self.assertEqual((refused.code, refused.request_id), (-32001, "r-1"))
        for code, kind, javas in (
            (-32003, lotbook.InUseException, java.lang.RuntimeException),
            (-32004, lotbook.SecurityException, java.lang.SecurityException),
            (-32005, lotbook.ConcurrentModificationException, java.util.ConcurrentModificationException),
            (-32603, lotbook.ServerError, java.lang.RuntimeException),
        ):
            self.assertIsInstance(self.refusal(kind, fault(code, "so")), javas)

    def test_a_script_catches_what_java_throws(self):
        system = self.serve(lambda _: fault(-32001, "no lot x"))
        try:
            system.mes.a()
            self.fail("it was refused")
        except java.lang.IllegalArgumentException as refused:
            self.assertEqual(refused.getMessage(), "no lot x")

    def test_violations_by_field(self):
        refused = self.refusal(lotbook.ConstraintViolationException,
                               fault(-32002, "name is missing", violations={"name": ["must be given"]}))
        self.assertEqual(refused.violations, {"name": ["must be given"]})

    def test_wrong_arity_is_a_type_error(self):
        self.assertIsInstance(self.refusal(TypeError, fault(-32602, "takes 4 arguments, not 5")), lotbook.LotbookError)

    def test_an_unknown_function_is_an_attribute_error(self):
        self.assertIsInstance(self.refusal(AttributeError, fault(-32601, "no such function")), lotbook.LotbookError)

    def test_messages_beyond_ascii(self):
        refused = self.refusal(lotbook.IllegalArgumentException, fault(-32001, u"Gr\u00f6\u00dfe"))
        self.assertEqual(refused.getMessage(), u"Gr\u00f6\u00dfe")
        self.assertTrue(str(refused))

    def test_http_refusals(self):
        problem = (401, {"X-Request-Id": "r-2"}, '{"title": "Unauthorized", "detail": "this token is not known"}')
        refused = self.refusal(lotbook.AuthenticationError, problem)
        self.assertIsInstance(refused, java.lang.SecurityException)
        self.assertIn("this token is not known", str(refused))
        self.assertIn("LOTBOOK_TOKEN", str(refused))
        self.assertEqual((refused.code, refused.request_id), (401, "r-2"))
        self.refusal(lotbook.SecurityException, (403, {}, "no"))
        self.refusal(lotbook.IllegalArgumentException, (413, {}, "too large"))
        self.refusal(lotbook.ServerError, (500, {}, ""))
        self.refusal(lotbook.ServerError, (422, {}, '{"detail": "this key came with another body"}'))

    def test_answers_that_are_none(self):
        for text in ("<html>", "[]", "{}", '{"result"'):
            self.refusal(lotbook.ServerError, (200, {}, text))


class Again(Calls):
    def test_a_busy_server_is_asked_again_with_the_same_key(self):
        answers = [(429, {"Retry-After": "0"}, ""), (503, {"Retry-After": "0.05"}, ""), result("done")]
        system = self.serve(lambda _: answers.pop(0))
        self.assertEqual(system.mes.a(), "done")
        keys = [call.headers["idempotency-key"] for call in self.server.calls]
        self.assertEqual((len(keys), len(set(keys))), (3, 1))
        self.assertEqual(len(set(call.text for call in self.server.calls)), 1)

    def test_so_is_one_that_hangs_up(self):
        answers = [None, None, result("done")]
        system = self.serve(lambda _: answers.pop(0))
        self.assertEqual(system.mes.a(), "done")
        keys = [call.headers["idempotency-key"] for call in self.server.calls]
        self.assertEqual((len(keys), len(set(keys))), (3, 1))

    def test_not_for_ever(self):
        system = self.serve(lambda _: None, retries=1)
        with self.assertRaises(lotbook.ConnectionFailed) as refused:
            system.mes.a()
        self.assertIsInstance(refused.exception, java.io.IOException)
        self.assertEqual(len(self.server.calls), 2)
        self.refusal(lotbook.ServerError, (503, {"Retry-After": "0"}, "going down"), retries=1)
        self.assertEqual(len(self.server.calls), 2)

    def test_other_refusals_are_final(self):
        self.refusal(lotbook.ServerError, (500, {}, "no"), retries=3)
        self.assertEqual(len(self.server.calls), 1)

    def test_nobody_there(self):
        server = Server(lambda _: None)
        server.close()
        with self.assertRaises(lotbook.ConnectionFailed) as refused:
            lotbook.Connection(server.url, retries=1).system.mes.a()
        self.assertIn(server.url, str(refused.exception))

    def test_a_call_ends_in_time(self):
        system = self.serve(lambda _: time.sleep(2) or result(1), timeout=0.3)
        began = time.time()
        with self.assertRaises(lotbook.ConnectionFailed) as refused:
            system.mes.a()
        self.assertIn("within 0.3 seconds", str(refused.exception))
        self.assertTrue(time.time() - began < 1.5)

    def test_a_pause_longer_than_the_call_may_take_is_not_waited_for(self):
        began = time.time()
        self.refusal(lotbook.ServerError, (429, {"Retry-After": "60"}, "slower"), retries=3, timeout=5.0)
        self.assertTrue(time.time() - began < 2)


if __name__ == "__main__":
    unittest.main()
