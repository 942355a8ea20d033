"""Values that are worked out when first asked for, and kept, without a lock.

`functools.cached_property` of Python 3.11 holds one lock for all instances while it works a value out: a process that
was forked just then waits for it for ever. Here two threads that ask at once may both work; one value is kept.
"""

from __future__ import annotations

import functools
from typing import Any, TypeVar, overload

_T = TypeVar("_T")


class cached_property(functools.cached_property[_T]):
    """A property that is worked out once for each instance."""

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> cached_property[_T]: ...
    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> _T: ...
    def __get__(self, instance: object | None, owner: type[Any] | None = None) -> cached_property[_T] | _T:
        if instance is None:
            return self
        kept = instance.__dict__
        assert self.attrname
        if self.attrname not in kept:
            kept.setdefault(self.attrname, self.func(instance))
        found: _T = kept[self.attrname]
        return found
