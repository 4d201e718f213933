"""What differs between CPython 3 and Jython 2.7, in one place."""

import sys

JYTHON = sys.platform.startswith("java")
PY2 = sys.version_info[0] == 2

if PY2:
    import httplib as http_client
    from collections import OrderedDict
    from urllib import unquote
    from urlparse import urlsplit

    text_type = unicode  # noqa: F821
    string_types = (str, unicode)  # noqa: F821
    integer_types = (int, long)  # noqa: F821
    # The keys of a record stay in the order in which the server gives them.
    OrderedBase = OrderedDict

    class Bytes(str):
        """Bytes from the server. Jython's bytes are its str, so these remember that they are no text:
        what an export gave can be handed to an import as it is."""

else:
    import http.client as http_client
    from urllib.parse import unquote, urlsplit

    text_type = str
    string_types = (str,)
    integer_types = (int,)
    OrderedBase = dict
    Bytes = bytes

__all__ = [
    "JYTHON", "PY2", "Bytes", "OrderedBase", "http_client", "integer_types", "string_types", "text_type",
    "unquote", "urlsplit",
]
