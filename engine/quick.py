"""Frozen dataclasses that are made in half the time.

`dataclass(frozen=True)` puts each field in its place by a call: of an explanation, which is made of a thousand small
records, that is a tenth. Here all fields go where instances keep them at once. Nothing else differs.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any, TypeVar

_T = TypeVar("_T")


def quick(made: type[_T]) -> type[_T]:
    """The same class of frozen records, each made faster. It has no slots, no default factory and no `__post_init__`.

    >>> from dataclasses import dataclass
    >>> @quick
    ... @dataclass(frozen=True)
    ... class Lot:
    ...     area: float
    ...     house: bool = False
    >>> Lot(0.5)
    Lot(area=0.5, house=False)
    """
    slow: Any = made.__init__
    code = slow.__code__
    plain, named = (
        code.co_varnames[1 : code.co_argcount],
        code.co_varnames[code.co_argcount :][: code.co_kwonlyargcount],
    )
    given = ", ".join(("self", *plain, *(("*", *named) if named else ())))
    puts = "\n".join(f"    kept[{name!r}] = {name}" for name in (*plain, *named))
    scope: dict[str, Any] = {}
    exec(f"def __init__({given}):\n    kept = self.__dict__\n{puts}", {}, scope)
    fast: FunctionType = scope["__init__"]
    fast.__defaults__, fast.__kwdefaults__ = slow.__defaults__, slow.__kwdefaults__
    fast.__annotations__, fast.__qualname__, fast.__module__ = slow.__annotations__, slow.__qualname__, made.__module__
    made.__init__ = fast  # type: ignore[method-assign]
    return made
