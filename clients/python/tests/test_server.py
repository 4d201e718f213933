# coding: utf-8
"""The client on a real server: scripts as they are, and what calls become on both sides."""

import datetime
import glob
import os
import subprocess
import sys
import threading
import unittest
from decimal import Decimal

import lotbook
import plant
from lotbook import __main__ as runner
from lotbook import java
from lotbook.compat import JYTHON, PY2

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = sorted(glob.glob(os.path.join(HERE, "scripts", "*.py")))


class Served(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.connection = plant.furnish()
        cls.system = cls.connection.system
        cls.operations = cls.system.mes.inventory.operation

    def operation(self, name, **changes):
        """A saved operation of that name, also where one is left from another test."""
        for each in self.operations.getInventoryOperations():
            if each.name == name:
                return each
        template = self.operations.newInventoryOperation()
        template.update({
            "name": name, "operationType": "RECEIVE", "triggerSource": "MANUAL", "quantitySource": "MANUAL",
            "primaryLotResolutionStrategy": "MANUAL", "createLotIfNotFound": True,
            "destinationLocationPath": "Plant/Receiving/Bay1", "materialPath": "Raw/Milk", "unitOfMeasureName": "Pound",
        })
        template.update(changes)
        return self.operations.saveInventoryOperation(**template)

    def receive(self, quantity, operations=None, **dates):
        operations = operations or self.operations
        named = {"inventoryOperationId": self.operation("Receive").id, "primaryLotIdOrName": "R-1", "quantity": quantity}
        named.update(dates)
        return operations.executeInventoryOperation(**named)


class Scripts(Served):
    def test_scripts_run_as_they_are(self):
        self.assertTrue(SCRIPTS)
        for script in SCRIPTS:
            self.assertEqual(runner.main([script]), 0, script)

    def test_no_function_of_operations_is_left_out(self):
        told = ""
        for script in SCRIPTS:
            with open(script, "rb") as file:
                told += file.read().decode("utf-8")
        missing = [name for name in dir(self.operations) if not name.startswith("_") and "." + name + "(" not in told]
        self.assertEqual(missing, [])

    def test_the_command_line(self):
        environment = dict(os.environ, PYTHONIOENCODING="utf-8")
        package = os.path.dirname(os.path.dirname(os.path.abspath(lotbook.__file__)))
        environment["JYTHONPATH" if JYTHON else "PYTHONPATH"] = package
        interpreter = "jython" if JYTHON else sys.executable
        script = (
            "import sys\n"
            "print(sys.argv[1:])\n"
            "print(system.mes.inventory.operation.newInventoryOperation().operationType)\n"
            "system.mes.inventory.operation.getInventoryOperationStatus('nobody')\n"
        )
        command = [interpreter, "-m", "lotbook", "-", "a", "--b"]
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        told, complained = [text.decode("utf-8") for text in process.communicate(script.encode("utf-8"))]
        self.assertEqual(process.returncode, 1, complained)
        self.assertEqual(told.split("\n")[:2], ["['a', '--b']", "CONSUME"])
        self.assertIn("line 4", complained)
        self.assertIn("IllegalArgumentException", complained)
        self.assertNotIn("transport.py", complained)

    def test_a_file_that_is_not_there(self):
        self.assertEqual(runner.main([os.path.join(HERE, "scripts", "none.txt")]), 2)


class Calls(Served):
    def test_positions_keywords_and_both(self):
        status = self.operations.getInventoryOperationStatus
        found = self.operation("Receive").id
        self.assertEqual(status(found), status(inventoryOperationId=found))
        record = self.operations.executeInventoryOperation(found, "R-1", 5, inventoryName="Pallet 1")
        self.assertEqual(record.quantity, 5.0)

    def test_every_function_is_found_by_completion(self):
        self.assertIn("startInventoryOperation", dir(self.operations))
        self.assertIn("operation", dir(self.system.mes.inventory))

    def test_later_names_and_the_other_prefix(self):
        self.assertEqual(self.operations.getAllInventoryOperations(), self.operations.getInventoryOperations())
        other = self.system.mes.inventoryOperation
        self.assertEqual(other.newInventoryOperation(), self.operations.newInventoryOperation())

    def test_dates_come_as_they_like(self):
        at = datetime.datetime(2026, 1, 24, 17, 58, 39, 824000)
        millis = lotbook.system.date.toMillis(at)
        for given in (at, millis, "2026-01-24T17:58:39.824Z", lotbook.system.date.fromMillis(millis)):
            record = self.receive(1, startDateMillis=given, endDateMillis=given)
            self.assertEqual((record.startDate, record.endDate), ("2026-01-24T17:58:39.824Z",) * 2, repr(given))

    def test_numbers_are_exact(self):
        exact = lotbook.Connection(decimals=True)
        self.addCleanup(exact.close)
        operations = exact.system.mes.inventory.operation
        record = self.receive(Decimal("123456789.000001"), operations)
        self.assertEqual((type(record.quantity), record.quantity), (Decimal, Decimal("123456789.000001")))
        self.assertEqual(self.receive(0.1 + 0.2).quantity, 0.3)
        self.assertIsInstance(self.receive(7).quantity, float)

    def test_bytes_go_both_ways(self):
        self.operation("Receive")
        exported = self.operations.exportAsJson()
        self.assertIsInstance(exported, bytes)
        self.assertIn(b"Receive", exported)
        self.assertEqual(self.operations.importFromJson(exported).success, True)

    def test_text_beyond_ascii(self):
        name = u"Stra\u00dfe \u2192 Bay"
        saved = self.operation(name if not PY2 else name.encode("utf-8"))
        self.assertEqual(self.operations.getInventoryOperation(saved.id).name, name)

    def test_threads_share_a_connection(self):
        quantities, failed = [], []

        def work():
            try:
                for _ in range(5):
                    quantities.append(self.receive(1).quantity)
            except Exception as error:
                failed.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((failed, quantities), ([], [1.0] * 20))


class Refusals(Served):
    def test_an_unknown_operation(self):
        with self.assertRaises(lotbook.IllegalArgumentException) as refused:
            self.operations.getInventoryOperationStatus("01JPAND53P-AAAAAAAA-AAAAAAAA")
        self.assertIsInstance(refused.exception, java.lang.IllegalArgumentException)
        self.assertIn("01JPAND53P-AAAAAAAA-AAAAAAAA", refused.exception.getMessage())

    def test_one_that_runs(self):
        found = self.operation("Runs")
        if self.operations.getInventoryOperationStatus(found.id) != "RUNNING":
            self.operations.startInventoryOperation(found.id, "R-2", None, None, None, None)
        with self.assertRaises(lotbook.IllegalArgumentException):
            self.operations.startInventoryOperation(found.id, "R-2", None, None, None, None)
        with self.assertRaises(lotbook.InUseException):
            self.operations.deleteInventoryOperation(found.id)
        self.operations.cancelInventoryOperation(found.id)

    def test_arguments_that_do_not_fit(self):
        with self.assertRaises(TypeError):
            self.operations.getInventoryOperationStatus()
        with self.assertRaises(TypeError):
            self.operations.getInventoryOperationStatus("a", "b")
        with self.assertRaises(TypeError):
            self.operations.getInventoryOperationStatus(id="a", nonsense=1)
        with self.assertRaises(lotbook.IllegalArgumentException) as refused:
            self.operations.saveInventoryOperation(nonsense=1)
        self.assertIn("nonsense", str(refused.exception))

    def test_fields_that_are_wrong(self):
        with self.assertRaises(lotbook.ConstraintViolationException) as refused:
            self.operations.saveInventoryOperation(**self.operations.newInventoryOperation())
        self.assertEqual(list(refused.exception.violations), ["name"])

    def test_a_function_that_is_not_there(self):
        with self.assertRaises(AttributeError):
            self.operations.doSomethingElse()

    def test_a_token_that_is_not_known(self):
        stranger = lotbook.Connection(token="lb_1_nobody")
        self.addCleanup(stranger.close)
        with self.assertRaises(lotbook.AuthenticationError):
            stranger.system.mes.inventory.operation.getInventoryOperations()

    def test_what_a_reader_may_not(self):
        token = os.environ.get("LOTBOOK_READER_TOKEN")
        self.assertTrue(token, "tests/run.py makes a reader")
        reader = lotbook.Connection(token=token)
        self.addCleanup(reader.close)
        operations = reader.system.mes.inventory.operation
        self.assertTrue(len(operations.getInventoryOperations()) >= 0)
        with self.assertRaises(lotbook.SecurityException) as refused:
            operations.saveInventoryOperation(name="Mine")
        self.assertIsInstance(refused.exception, java.lang.SecurityException)


if __name__ == "__main__":
    unittest.main()
