"""Row security as a migration operation: by place in the tree, by person, or by account."""

from collections.abc import Sequence

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
_SCOPE = "{column} <@ (select kernel_scope())"


class Protect(RunSQL):
    """Let PostgreSQL refuse rows outside the actor's scope.

    ``owners``: columns naming a person whose own rows may be read, not written, by that person and the person's
    guardians. ``also``: further columns with a place; a row two units deal with lies in the scope of both, and either
    writes it.
    """

    def __init__(self, table: str, *owners: str, also: Sequence[str] = ()) -> None:
        """Build the policies of ``table``."""
        own = " or ".join(f"{column} = any((select kernel_persons())::uuid[])" for column in owners)
        scope = " or ".join(_SCOPE.format(column=column) for column in ("path", *also))
        statements = _PROTECT.format(table=table, scope=scope) + (_OWN.format(table=table, own=own) if own else "")
        super().__init__(statements, _UNPROTECT.format(table=table))


_PROTECT_OWN = """
alter table {table} enable row level security;
alter table {table} force row level security;
create policy own on {table} for all using ({own}) with check ({own});
"""
_UNPROTECT_OWN = """
drop policy own on {table};
alter table {table} no force row level security;
alter table {table} disable row level security;
"""
_OWN_ACCOUNT = "{column} = (select kernel_account()) or (select kernel_scope()) = 'vn'"


class ProtectOwn(RunSQL):
    """Leave the rows of an account to that account alone, and to the house itself (sign-in, jobs)."""

    def __init__(self, table: str, column: str = "user_id") -> None:
        """Build the policy of ``table``; ``column`` names the account."""
        own = _OWN_ACCOUNT.format(column=column)
        super().__init__(_PROTECT_OWN.format(table=table, own=own), _UNPROTECT_OWN.format(table=table))


_READ_OWN = """
create policy own on {table} for select using ({own});
create policy own_lock on {table} for update using ({own}) with check (false);
"""
_UNREAD_OWN = """
drop policy own_lock on {table};
drop policy own on {table};
"""


class ReadOwn(RunSQL):
    """Let an account read and lock, not write, its row of a table protected by place: it may stand elsewhere.

    Families have no place at all; others act in roles of other places than that of their account.
    """

    def __init__(self, table: str, column: str) -> None:
        """Build the policies of ``table``; ``column`` names the account."""
        own = f"{column} = (select kernel_account())"
        super().__init__(_READ_OWN.format(table=table, own=own), _UNREAD_OWN.format(table=table))
