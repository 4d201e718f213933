#!/usr/bin/env python3
"""Validates an exported document: python3 epcis.py SCHEMA DOCUMENT

SCHEMA is GS1's EPCIS-JSON-Schema.json. Formats are checked too. Beside the schema it looks at what no schema can say:
that no two events have the same id, unless one takes the other back.
"""

import json
import sys

import jsonschema


def main(schema_path, document_path):
    with open(schema_path, encoding="utf-8") as schema_file, open(document_path, encoding="utf-8") as document_file:
        schema, document = json.load(schema_file), json.load(document_file)
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    for needed in ("date-time", "uri"):
        if needed not in checker.checkers:
            sys.exit("the format %s would not be checked: install jsonschema[format-nongpl]" % needed)
    events = document["epcisBody"]["eventList"]
    if not events:
        sys.exit("the document has no events")
    validator = jsonschema.Draft7Validator(schema, format_checker=checker)
    wrong = []
    # The document with its first event, then each other one in its place: what is wrong is then near its event.
    for at, event in enumerate(events):
        document["epcisBody"]["eventList"] = [event]
        for error in validator.iter_errors(document):
            best = jsonschema.exceptions.best_match([error])
            wrong.append("event %d (%s): %s" % (at, event.get("eventID"), best.message[:300]))
            break
    ids = [(event["eventID"], "errorDeclaration" in event) for event in events]
    if len(set(ids)) != len(ids):
        wrong.append("two events have the same id")
    steps = sorted(set("%s %s" % (event["type"], event.get("bizStep")) for event in events))
    print("%d events: %s" % (len(events), ", ".join(steps)))
    if wrong:
        sys.exit("%d of them not valid:\n%s" % (len(wrong), "\n".join(wrong[:20])))


if __name__ == "__main__":
    main(*sys.argv[1:])
