"""What the server answers with, as scripts read it."""

import copy
import pickle
import unittest

from lotbook import Record, wire


def lot():
    return wire.loads('{"id": "01", "name": "MILK-001", "row": {"quantity": 150.0}, "rows": [{"a": 1}], "values": 3}')


class Records(unittest.TestCase):
    def test_keys_are_attributes_at_every_depth(self):
        self.assertEqual(lot()["id"], lot().id)
        self.assertEqual(lot().row.quantity, 150.0)
        self.assertEqual(lot().rows[0].a, 1)

    def test_it_is_a_dictionary(self):
        self.assertIsInstance(lot(), dict)
        self.assertEqual(lot().get("name"), "MILK-001")
        self.assertIsNone(lot().get("nothing"))
        self.assertEqual(lot()["values"], 3)
        self.assertTrue(lot().has_key("name"))
        self.assertEqual(dict(lot().iteritems()), lot())
        self.assertEqual(list(lot().iterkeys()), list(lot()))
        self.assertEqual(list(lot().itervalues()), [lot()[key] for key in lot()])

    def test_keys_stay_in_order(self):
        self.assertEqual(list(lot().keys()), ["id", "name", "row", "rows", "values"])

    def test_it_spreads_into_keywords(self):
        def names(**keywords):
            return sorted(keywords)

        self.assertEqual(names(**lot()), ["id", "name", "row", "rows", "values"])

    def test_attributes_set_keys(self):
        changed = lot()
        changed.name = "MILK-002"
        changed["spare1"] = "x"
        del changed.row
        self.assertEqual(changed["name"], "MILK-002")
        self.assertEqual(changed.spare1, "x")
        self.assertNotIn("row", changed)
        changed.pop("spare1")
        changed.update({"notes": "n"})
        self.assertEqual(changed.notes, "n")

    def test_what_is_not_there_is_said_with_what_is(self):
        with self.assertRaises(AttributeError) as missing:
            lot().quantity
        self.assertIn("'quantity'", str(missing.exception))
        self.assertIn("name", str(missing.exception))
        with self.assertRaises(KeyError):
            lot()["quantity"]
        with self.assertRaises(AttributeError):
            del lot().quantity

    def test_it_is_printed_in_order(self):
        self.assertEqual(str(wire.loads('{"z": 1, "a": 2.5}')), "{'z': 1, 'a': 2.5}")

    def test_copies_are_records(self):
        for copied in (lot().copy(), copy.copy(lot()), copy.deepcopy(lot()), pickle.loads(pickle.dumps(lot(), 2))):
            self.assertIsInstance(copied, Record)
            self.assertEqual(copied, lot())
            self.assertEqual(copied.row.quantity, 150.0)
            self.assertEqual(list(copied), list(lot()))


if __name__ == "__main__":
    unittest.main()
