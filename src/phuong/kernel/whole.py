"""Whole records out of a statement of one's own, for pages so often asked for that wording the question counts."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


class Whole(Generic[M]):
    """The columns of a model as a statement names them, and the record made of their values.

    What the ORM would give for the same row is what :meth:`read` gives, without the relations.
    """

    def __init__(self, model: type[M]) -> None:
        """Take the model; its columns are looked at when first asked for."""
        self.model = model

    @cached_property
    def width(self) -> int:
        """Count the columns."""
        return len(self._names)

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self.model._meta.concrete_fields]

    @cached_property
    def _converters(self) -> list[tuple[int, Any]]:
        fields: Sequence[Any] = self.model._meta.concrete_fields
        return [(place, each) for place, field in enumerate(fields) for each in field.get_db_converters(connection)]

    def columns(self, alias: str) -> str:
        """Name every column of the table that goes by ``alias``."""
        fields = self.model._meta.concrete_fields
        return ", ".join(f'{alias}."{field.column}"' for field in fields)

    def read(self, values: Iterator[Any]) -> M | None:
        """Take the next :attr:`width` values and make the record of them; ``None`` when they are of no row."""
        taken = list(islice(values, self.width))
        if taken[0] is None:
            return None
        for place, convert in self._converters:
            taken[place] = convert(taken[place], None, connection)
        return self.model.from_db(connection.alias, self._names, taken)
