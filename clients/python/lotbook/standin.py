"""Java's exceptions where there is no Java, so that a script's ``except java.lang.…`` means the same.

``from lotbook import java`` gives these on CPython and the real packages on Jython.
"""

import types


class Throwable(Exception):
    def getMessage(self):
        """The message, as Java gives it."""
        return str(self.args[0]) if self.args else None

    def getLocalizedMessage(self):
        return self.getMessage()

    def getCause(self):
        return self.__cause__


class JavaException(Throwable):
    pass


class RuntimeException(JavaException):
    pass


class IllegalArgumentException(RuntimeException):
    pass


class IllegalStateException(RuntimeException):
    pass


class SecurityException(RuntimeException):
    pass


class ConcurrentModificationException(RuntimeException):
    pass


class IOException(JavaException):
    pass


JavaException.__name__ = "Exception"


def _package(name, *classes):
    package = types.ModuleType(name, "The part of %s that scripts catch." % name)
    for each in classes:
        each.__module__ = name
        setattr(package, each.__name__, each)
    return package


lang = _package(
    "java.lang", Throwable, JavaException, RuntimeException, IllegalArgumentException, IllegalStateException,
    SecurityException,
)
util = _package("java.util", ConcurrentModificationException)
io = _package("java.io", IOException)

java = types.ModuleType("java", __doc__)
java.lang, java.util, java.io = lang, util, io
