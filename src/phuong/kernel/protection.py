"""Row security as a migration operation: policies on a table and on its event table."""

from django.db.migrations.operations import RunSQL

_PROTECT = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy scope on {table} for all using ({scope}) with check ({scope});
"""
_OWN = "create policy own on {table} for select using ({own});"
_UNPROTECT = """
drop policy if exists own on {table};
drop policy scope on {table};
alter table {table} no force row level security;
alter table {table} disable row level security;
"""
_SCOPE = "path <@ (select kernel_scope())"


class Protect(RunSQL):
    """Let PostgreSQL refuse rows outside the actor's scope.

    ``owners``: columns naming a person whose own rows may be read, not written, by that person and the person's
    guardians.
    """

    def __init__(self, table: str, *owners: str) -> None:
        """Build the policies of ``table``."""
        own = " or ".join(f"{column} = any((select kernel_persons())::uuid[])" for column in owners)
        statements = _PROTECT.format(table=table, scope=_SCOPE) + (_OWN.format(table=table, own=own) if own else "")
        super().__init__(statements, _UNPROTECT.format(table=table))
