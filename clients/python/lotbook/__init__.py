"""Scripts for the inventory of a Lotbook server.

    from lotbook import system

    operation = system.mes.inventory.operation.newInventoryOperation()

The address and the token come from LOTBOOK_URL and LOTBOOK_TOKEN, or from :func:`connect`.
"""

from lotbook.client import Connection, connect, system
from lotbook.errors import (
    ArgumentsDoNotFit,
    AuthenticationError,
    ConcurrentModificationException,
    ConnectionFailed,
    ConstraintViolationException,
    IllegalArgumentException,
    InUseException,
    LotbookError,
    SecurityException,
    ServerError,
    UnknownFunction,
    java,
)
from lotbook.record import Record

__version__ = "0.1.0"

__all__ = [
    "ArgumentsDoNotFit", "AuthenticationError", "ConcurrentModificationException", "Connection", "ConnectionFailed",
    "ConstraintViolationException", "IllegalArgumentException", "InUseException", "LotbookError", "Record",
    "SecurityException", "ServerError", "UnknownFunction", "connect", "java", "system",
]
