# coding: utf-8
"""Values on their way there and back."""

from __future__ import unicode_literals

import datetime
import json
import unittest
from decimal import Decimal

from lotbook import date, wire
from lotbook.compat import JYTHON, PY2, Bytes


class Values(unittest.TestCase):
    def test_plain_values_are_plain_json(self):
        value = {"a": [None, True, False, 1, 2.5, "x"], "b": (1, 2)}
        self.assertEqual(json.loads(wire.dumps(value)), {"a": [None, True, False, 1, 2.5, "x"], "b": [1, 2]})

    def test_decimals_keep_every_digit(self):
        self.assertEqual(wire.dumps([Decimal("1.10"), Decimal("9223372036854.775807"), Decimal("1E-6")]),
                         "[1.10,9223372036854.775807,0.000001]")

    def test_floats_are_sent_as_python_shows_them(self):
        self.assertEqual(wire.dumps([0.1, 100.0, 1e-06]), "[0.1,100.0,1e-06]")

    def test_large_integers_stay_integers(self):
        self.assertEqual(wire.dumps(1741967234166), "1741967234166")

    def test_what_is_no_number_is_refused(self):
        for value in (float("nan"), float("inf"), Decimal("NaN")):
            with self.assertRaises(ValueError):
                wire.dumps(value)

    def test_what_has_no_json_form_is_refused_by_name(self):
        with self.assertRaises(TypeError) as refused:
            wire.dumps({"quantity": object()})
        self.assertIn("object cannot be sent", str(refused.exception))

    def test_keys_are_text(self):
        with self.assertRaises(TypeError):
            wire.dumps({1: "a"})

    def test_bytes_travel_as_base64(self):
        self.assertEqual(json.loads(wire.dumps(bytearray(b"a\xff"))), {"$bytes": "Yf8="})
        self.assertEqual(json.loads(wire.dumps(Bytes(b"a"))), {"$bytes": "YQ=="})

    def test_bytes_from_the_server_can_be_sent_back(self):
        received = wire.loads('{"$bytes": "AGH/"}')
        self.assertEqual(received, b"\x00a\xff")
        self.assertIsInstance(received, bytes)
        self.assertEqual(json.loads(wire.dumps(received)), {"$bytes": "AGH/"})

    def test_text_beyond_ascii(self):
        self.assertEqual(json.loads(wire.dumps("Größe")), "Größe")
        self.assertEqual(wire.loads('{"Größe": "\\u00e4"}'), {"Größe": "ä"})

    def test_dates_are_iso_in_utc(self):
        naive = datetime.datetime(2025, 3, 14, 15, 47, 14, 166000)
        self.assertEqual(wire.dumps(naive), '"2025-03-14T15:47:14.166000Z"')
        self.assertEqual(wire.dumps(naive.replace(tzinfo=Offset())), '"2025-03-14T13:47:14.166000Z"')
        self.assertEqual(wire.dumps(datetime.date(2025, 3, 14)), '"2025-03-14T00:00:00Z"')

    def test_dates_of_scripts(self):
        millis = 1741967234166
        at = date.fromMillis(millis)
        self.assertEqual(date.toMillis(at), millis)
        self.assertEqual(wire.dumps(at), '"2025-03-14T15:47:14.166000Z"')
        self.assertTrue(date.toMillis(date.now()) > millis)

    def test_fractions_come_as_floats_or_decimals(self):
        self.assertEqual(wire.loads("[1.5, 2]"), [1.5, 2])
        exact = wire.loads("[9223372036854.775807, 2]", decimals=True)
        self.assertEqual(exact, [Decimal("9223372036854.775807"), 2])
        self.assertIsInstance(exact[0], Decimal)


class Offset(datetime.tzinfo):
    def utcoffset(self, _):
        return datetime.timedelta(hours=2)

    def dst(self, _):
        return datetime.timedelta(0)


@unittest.skipUnless(PY2, "the str of Python 2")
class Python2(unittest.TestCase):
    def test_str_is_text_where_it_can_be(self):
        self.assertEqual(wire.dumps(b"MILK-001"), '"MILK-001"')
        self.assertEqual(json.loads(wire.dumps("Größe".encode("utf-8"))), "Größe")
        self.assertEqual(json.loads(wire.dumps(b"\xff\x00")), {"$bytes": "/wA="})


@unittest.skipUnless(JYTHON, "values of Java")
class Java(unittest.TestCase):
    def test_values_of_java(self):
        import jarray
        from java.math import BigDecimal, BigInteger
        from java.time import Instant
        from java.util import ArrayList, Date, HashMap, TreeSet

        self.assertEqual(wire.dumps(Date(1741967234166)), '"2025-03-14T15:47:14.166000Z"')
        self.assertEqual(wire.dumps(Instant.ofEpochMilli(0)), '"1970-01-01T00:00:00Z"')
        self.assertEqual(wire.dumps(BigDecimal("0.000001")), "0.000001")
        self.assertEqual(wire.dumps(BigInteger("12345678901234567890")), "12345678901234567890")
        self.assertEqual(wire.dumps(ArrayList(["a", 1, None])), '["a",1,null]')
        self.assertEqual(wire.dumps(TreeSet([2, 1])), "[1,2]")
        self.assertEqual(wire.dumps(HashMap({"lotId": 1})), '{"lotId":1}')
        self.assertEqual(json.loads(wire.dumps(jarray.array([97, -1], "b"))), {"$bytes": "Yf8="})
        self.assertEqual(wire.dumps(jarray.array([1, 2], "i")), "[1,2]")
        with self.assertRaises(TypeError):
            wire.dumps(Instant)


if __name__ == "__main__":
    unittest.main()
