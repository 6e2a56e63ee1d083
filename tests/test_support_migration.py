"""Pages that support opened before the journal kept them are carried into it, in order, chained as lines of today."""

import pytest

from tests.migrating import a_database

pytestmark = pytest.mark.slow
ROWS = """
insert into registry_organisation (id, kind, path, code, name, short_name, name_key, search_key) values
  ('00000000-0000-7000-8000-000000000001', 'school', 'vn.p31.c1.s1', 's1', 'THCS Lạch Tray', 'Lạch Tray', 'l', 'l');
insert into identity_account (id, path, username, display_name, email, password, is_active, created_at) values
  ('00000000-0000-7000-8000-000000000002', 'vn.p31', 'hotro', 'Hỗ Trợ', '', '!', true, now());
insert into oversight_supportaccess (id, path, organisation_id, account_id, account_name, reason, hours, may_write,
    state, asked_at, decided_at, decided_by, starts_at, ends_at) values
  ('00000000-0000-7000-8000-000000000003', 'vn.p31.c1.s1', '00000000-0000-7000-8000-000000000001',
   '00000000-0000-7000-8000-000000000002', 'Hỗ Trợ', 'x', 4, true, 'approved', '2026-11-05T00:00:00Z',
   '2026-11-05T01:00:00Z', 'Hoa', '2026-11-05T01:00:00Z', '2026-11-05T05:00:00Z');
insert into oversight_seenpage (id, path, access_id, at, method, page, on_id, address)
select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'vn.p31.c1.s1',
  '00000000-0000-7000-8000-000000000003', timestamptz '2026-11-05T02:00:00Z' + n * interval '1 second',
  case n when 2 then 'POST' else 'GET' end, 'registry:person',
  case n when 1 then '00000000-0000-7000-8000-00000000000a'::uuid end, '/trang/' || n
from generate_series(1, 5000) n;
"""
READ = """
select path::text, at::text, account_id::text, actor_name, role, unit, did, refused, on_kind, on_id, about, note
from kernel_auditentry order by id
"""


def test_pages_kept_before_become_lines_of_the_journal() -> None:
    with a_database("oversight") as (connection, migrate):
        migrate("0002")
        connection.execute("set timezone to 'UTC'")
        connection.execute(ROWS)
        (before,) = connection.execute("select clock_timestamp()").fetchone()

        migrate("0003")

        lines = connection.execute(READ).fetchall()
        (eldest,) = connection.execute("select id from kernel_auditentry order by id limit 1").fetchone()
    who = ("00000000-0000-7000-8000-000000000002", "Hỗ Trợ", "support_repair", "THCS Lạch Tray", "page.seen", False)
    person = "00000000-0000-7000-8000-00000000000a"
    assert [line[-1] for line in lines[:3]] == ["/trang/1", "POST /trang/2", "/trang/3"]
    assert lines[0] == (
        *("vn.p31.c1.s1", "2026-11-05 02:00:01+00", *who),
        *("registry:person", person, None, "/trang/1"),
    )
    assert len(lines) == 5000
    assert [line[1] for line in lines] == sorted(line[1] for line in lines)
    assert int(eldest.hex[:12], 16) >= int(before.timestamp() * 1000)
