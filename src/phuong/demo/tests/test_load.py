"""A load fills every table, and leaves indexes, keys and row security as it found them."""

import datetime as dt
from typing import Any

import pytest
from django.db import connections

from phuong.demo.accounts import SEATS, with_accounts
from phuong.demo.catalog import catalogs
from phuong.demo.load import TablesNotEmpty, Timing, load, tables
from phuong.demo.province import Province
from phuong.kernel.text import name_sort_key
from phuong.kernel.vault import fingerprint, unseal

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]
_SHAPE = """
select pg_get_indexdef(indexrelid) from pg_index where indrelid::regclass::text = any(%(tables)s)
union all select conname || pg_get_constraintdef(oid) from pg_constraint
where conrelid::regclass::text = any(%(tables)s) or confrelid::regclass::text = any(%(tables)s)
union all select relname || relrowsecurity || relforcerowsecurity from pg_class where relname = any(%(tables)s)
order by 1
"""


def ask(statement: str, **facts: Any) -> list[Any]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, facts)
        return [row[0] for row in cursor.fetchall()]


def loaded(learners: int, *, replace: bool) -> Timing:
    province = Province(catalogs(), learners, 1, dt.date(2026, 11, 22))
    connections["owner"].ensure_connection()
    connection = connections["owner"].connection
    return load(connection, with_accounts(province), total=learners, say=lambda line: None, replace=replace)


def test_a_load_fills_every_table_and_leaves_its_shape_as_it_was() -> None:
    names = [table.name for table in tables().values()]
    before = ask(_SHAPE, tables=names)

    timing = loaded(400, replace=False)

    assert ask(_SHAPE, tables=names) == before
    assert set(timing.rows) == set(tables())
    assert ask("select count(*) from registry_person where is_learner") == [400]
    assert ask("select count(*) from identity_account") == [len(SEATS)]
    assert ask("select count(*) from registry_enrolment where ends_on is null and path is null") == [0]
    assert ask("select count(*) from registry_person where address = '' or updated_on is null") != [0]


def test_sorting_keys_and_sealed_numbers_reach_the_table_unaltered() -> None:
    loaded(300, replace=False)

    with connections["owner"].cursor() as cursor:
        cursor.execute("select full_name, name_key, number_cipher, number_hash, number_check from registry_person")
        rows = cursor.fetchall()
    assert any("\\" in name_key for _, name_key, _, _, _ in rows)  # a letter of the key that COPY could misread
    for full_name, name_key, sealed, hashed, check in rows:
        assert name_key == name_sort_key(full_name)
        assert (sealed is None) == (check == "missing")
        if sealed:
            assert fingerprint(unseal(sealed)) == bytes(hashed)


def test_a_second_load_is_refused_unless_it_replaces_the_first() -> None:
    loaded(300, replace=False)

    with pytest.raises(TablesNotEmpty):
        loaded(200, replace=False)
    assert ask("select count(*) from registry_person where is_learner") == [300]

    loaded(200, replace=True)
    assert ask("select count(*) from registry_person where is_learner") == [200]
