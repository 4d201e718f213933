"""What scripts find: a plant, made once through the native API of the server under test."""

import json
import os
import uuid

import lotbook
from lotbook.client import Connection

_made = []


def post(path, body):
    """A call of the native API, where a record that is there already is as good."""
    connection = Connection()
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    try:
        answer = connection._request("POST", path, json.dumps(body).encode("utf-8"), headers)
        return json.loads(answer.body.decode("utf-8"))
    finally:
        connection.close()


def furnish():
    """Makes the plant, and connects. Fails where there is no server, for then nothing would be tested."""
    if "LOTBOOK_URL" not in os.environ:
        raise RuntimeError("these tests need a server: run tests/run.py, or set LOTBOOK_URL and LOTBOOK_TOKEN")
    connection = lotbook.connect()
    if _made:
        return connection
    post("/v1/units", [{"symbol": "lb", "name": "Pound"}, {"symbol": "kg", "name": "Kilogram"}])
    post("/v1/unit-conversions", {"from": "lb", "to": "kg", "numerator": 45359237, "denominator": 100000000})
    for name, parent in (("Plant", None), ("Receiving", "Plant"), ("Silos", "Plant/Receiving"), ("Making", "Plant")):
        post("/v1/locations", {"name": name, "parent": parent})
    for name, parent in (
        ("Bay1", "Plant/Receiving"), ("Silo1", "Plant/Receiving/Silos"), ("Silo2", "Plant/Receiving/Silos"),
        ("Separator", "Plant/Making"), ("Cream1", "Plant/Making"), ("Dock", "Plant"),
    ):
        post("/v1/locations", {"name": name, "parent": parent, "allowNegative": False})
    for name in ("Raw", "Made"):
        post("/v1/categories", {"name": name})
    for category, name in (("Raw", "Milk"), ("Made", "WIP"), ("Made", "Cream"), ("Made", "Tub")):
        post("/v1/products", {
            "identifier": "%s/%s" % (category, name), "name": name, "category": category, "unit": "lb", "tracking": "lot",
        })
    _made.append(True)
    return connection
