"""``system.date``, as far as calls to the server need it.

On Jython its dates are ``java.util.Date``; elsewhere ``datetime`` in UTC. Calls take both, ISO text, and
milliseconds.
"""

import datetime
import time

from lotbook.compat import JYTHON

if JYTHON:
    from java.util import Date

    def now():
        """The moment of the call."""
        return Date()

    def fromMillis(millis):
        """The date so many milliseconds after 1970 in UTC."""
        return Date(int(millis))

    def toMillis(date):
        """Milliseconds since 1970 in UTC."""
        if isinstance(date, datetime.datetime):
            return _millis(date)
        return int(date.getTime())

else:

    def now():
        """The moment of the call."""
        return fromMillis(int(time.time() * 1000))

    def fromMillis(millis):
        """The date so many milliseconds after 1970 in UTC."""
        return datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(milliseconds=int(millis))

    def toMillis(date):
        """Milliseconds since 1970 in UTC. A date without a time zone is taken as UTC."""
        return _millis(date)


def _millis(date):
    offset = date.utcoffset()
    if offset is not None:
        date = date.replace(tzinfo=None) - offset
    since = date - datetime.datetime(1970, 1, 1)
    return (since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000
