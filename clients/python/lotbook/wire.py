"""Values as the server reads and writes them: JSON, with exact numbers, bytes and dates.

Its own writer, because ``json.dumps`` would send a Decimal through a binary float.
"""

import base64
import datetime
import json
import math
from decimal import Decimal

from lotbook.compat import JYTHON, PY2, Bytes, integer_types, string_types, text_type
from lotbook.record import Record

if JYTHON:
    import array

    from java.math import BigDecimal, BigInteger
    from java.time import Instant
    from java.util import Collection as JavaCollection
    from java.util import Date as JavaDate
    from java.util import Map as JavaMap


def dumps(value):
    """The value as JSON text. Raises TypeError for what has no JSON form, ValueError for NaN and infinity."""
    parts = []
    _write(value, parts.append)
    return "".join(parts)


def _write(value, put):
    if value is None:
        put("null")
    elif value is True or value is False:
        put("true" if value else "false")
    elif isinstance(value, string_types) or isinstance(value, (bytes, bytearray)):
        _write_text(value, put)
    elif isinstance(value, integer_types):
        put("%d" % value)
    elif isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            raise ValueError("%r is no number that could be sent" % value)
        put(repr(float(value)))
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("%s is no number that could be sent" % value)
        put(format(value, "f"))
    elif isinstance(value, datetime.date):
        put(json.dumps(iso(value)))
    elif isinstance(value, dict):
        _write_members(((key, value[key]) for key in value), put)
    elif isinstance(value, (list, tuple, set, frozenset)):
        _write_items(value, put)
    elif not (JYTHON and _write_java(value, put)):
        raise TypeError("a %s cannot be sent: %r" % (type(value).__name__, value))


def _write_text(value, put):
    if isinstance(value, text_type):
        put(json.dumps(value))
        return
    if PY2 and isinstance(value, str) and not isinstance(value, Bytes):
        try:
            put(json.dumps(value.decode("utf-8")))
            return
        except UnicodeDecodeError:
            # No text in any case, so it can only be meant as bytes.
            pass
    _write_bytes(bytes(value), put)


def _write_bytes(value, put):
    put('{"$bytes":"%s"}' % base64.b64encode(value).decode("ascii"))


def _write_members(members, put):
    put("{")
    comma = ""
    for key, member in members:
        if not isinstance(key, string_types):
            raise TypeError("a key must be text, and %r is a %s" % (key, type(key).__name__))
        put(comma)
        _write_text(key, put)
        put(":")
        _write(member, put)
        comma = ","
    put("}")


def _write_items(items, put):
    put("[")
    comma = ""
    for item in items:
        put(comma)
        _write(item, put)
        comma = ","
    put("]")


def _write_java(value, put):
    """Writes what only Jython has; False when it has no JSON form."""
    if isinstance(value, array.array):
        if value.typecode == "b":
            _write_bytes(value.tostring(), put)
        else:
            _write_items(value, put)
    elif isinstance(value, JavaDate):
        put(json.dumps(iso(_from_millis(value.getTime()))))
    elif isinstance(value, Instant):
        put(json.dumps(value.toString()))
    elif isinstance(value, BigDecimal):
        put(value.toPlainString())
    elif isinstance(value, BigInteger):
        put(value.toString())
    elif isinstance(value, JavaMap):
        _write_members(((entry.getKey(), entry.getValue()) for entry in value.entrySet()), put)
    elif isinstance(value, JavaCollection):
        _write_items(value, put)
    else:
        return False
    return True


_EPOCH = datetime.datetime(1970, 1, 1)


def _from_millis(millis):
    return _EPOCH + datetime.timedelta(milliseconds=millis)


def iso(date):
    """A date as ISO 8601 in UTC. One without a time zone is taken as UTC."""
    if not isinstance(date, datetime.datetime):
        return date.isoformat() + "T00:00:00Z"
    offset = date.utcoffset()
    if offset is not None:
        date = date.replace(tzinfo=None) - offset
    return date.isoformat() + "Z"


def loads(text, decimals=False):
    """JSON text as values: objects become records, numbers with a fraction floats or Decimals."""
    return json.loads(text, object_pairs_hook=_object, parse_float=Decimal if decimals else float)


def _object(pairs):
    if len(pairs) == 1 and pairs[0][0] == "$bytes":
        return Bytes(base64.b64decode(pairs[0][1]))
    if PY2:
        # As names of keywords they must be str, which all names of the API can be.
        pairs = [(_name(key), value) for key, value in pairs]
    return Record(pairs)


def _name(key):
    try:
        return key.encode("ascii")
    except UnicodeEncodeError:
        return key
