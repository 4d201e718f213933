import datetime
from typing import Any

class Date:
    def now(self) -> datetime.datetime: ...
    def fromMillis(self, millis: int) -> datetime.datetime: ...
    def toMillis(self, date: datetime.datetime) -> int: ...

class System:
    date: Date
    mes: Any
