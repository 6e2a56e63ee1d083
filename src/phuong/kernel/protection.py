"""Row security as a migration operation: policies on a table and on its event table."""

from django.db.migrations.operations import RunSQL

_PROTECT = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy scope on {table} for all
  using ({using}) with check ({check});
"""
_UNPROTECT = """
drop policy scope on {table};
alter table {table} no force row level security;
alter table {table} disable row level security;
"""
_SCOPE = "path <@ (select kernel_scope())"


class Protect(RunSQL):
    """Let PostgreSQL refuse rows outside the reader's scope.

    ``owners``: columns naming a person whose own rows are shown to that person and the person's guardians.
    """

    def __init__(self, table: str, *owners: str, check: str = _SCOPE) -> None:
        """Build the policy of ``table``."""
        own = [f"{column} = any((select kernel_persons())::uuid[])" for column in owners]
        using = " or ".join([_SCOPE, *own])
        super().__init__(_PROTECT.format(table=table, using=using, check=check), _UNPROTECT.format(table=table))
