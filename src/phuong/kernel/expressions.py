"""Django's tables as Ibis expressions, and expressions as SQL. Loads Ibis: import it only where measures are made."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from django.db import models


def compile_sql(expression: ir.Table) -> str:
    """Compile to PostgreSQL; the first call loads the compiler, so do it at start-up or cache it.

    «Today» becomes the day the acting person looks at, which is today unless they look back.
    """
    return str(ibis.to_sql(expression, dialect="postgres")).replace("CURRENT_DATE", "(SELECT kernel_today())")


_TYPES: Mapping[str, str] = {
    "UUIDField": "uuid",
    "TextField": "string",
    "SortText": "string",
    "Path": "string",
    "BooleanField": "boolean",
    "DateField": "date",
    "DateTimeField": "timestamp('UTC')",
    "SmallIntegerField": "int16",
    "PositiveSmallIntegerField": "int16",
    "PositiveIntegerField": "int32",
    "BigIntegerField": "int64",
    "IntegerField": "int32",
    "FloatField": "float64",
    "ForeignKey": "uuid",
    "OneToOneField": "uuid",
    "ArrayField": "array<string>",
    "BinaryField": "binary",
}


def table_of(model: type[models.Model]) -> ir.Table:
    """Declare a model's table to Ibis; columns of types that measures never read are left out."""
    columns = {}
    for column in model._meta.concrete_fields:
        output = getattr(column, "output_field", column)
        kind = _TYPES.get(type(output).__name__)
        if kind:
            columns[column.column] = kind
    return ibis.table(columns, name=model._meta.db_table)


def this_school_year() -> ir.IntegerValue:
    """Give the present school year (its first calendar year) on any engine; it turns on 1 August."""
    return (ibis.today() - ibis.interval(months=7)).year()
