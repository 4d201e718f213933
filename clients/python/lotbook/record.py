"""What the server answers with."""

from lotbook.compat import PY2, OrderedBase


class Record(OrderedBase):
    """A dictionary whose keys are attributes too: ``lot['id']`` and ``lot.id`` are the same.

    It is a ``dict``, so ``save(**record)`` spreads it. A key that is also the name of a dictionary's method
    (``items``, ``values``) is read as ``record['items']``.
    """

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError("there is no %r here; there are %s" % (name, ", ".join(sorted(map(str, self)))))

    def __setattr__(self, name, value):
        if name.startswith("_"):
            OrderedBase.__setattr__(self, name, value)
        else:
            self[name] = value

    def __delattr__(self, name):
        if name.startswith("_"):
            OrderedBase.__delattr__(self, name)
        elif name in self:
            del self[name]
        else:
            raise AttributeError("there is no %r here" % name)

    def __repr__(self):
        return "{%s}" % ", ".join("%r: %r" % (key, self[key]) for key in self)

    __str__ = __repr__

    def __reduce__(self):
        return (Record, (list(self.items()),))

    def copy(self):
        """Another record of the same keys and values."""
        return Record(self.items())

    if not PY2:

        def has_key(self, key):
            return key in self

        def iteritems(self):
            return iter(self.items())

        def iterkeys(self):
            return iter(self)

        def itervalues(self):
            return iter(self.values())
