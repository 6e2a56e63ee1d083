"""Values reported before months, states and reviewers existed are carried over as accepted ones, marked as such."""

import pytest

from tests.migrating import a_database

pytestmark = pytest.mark.slow
ROWS = """
insert into registry_organisation (id, kind, path, code, name, short_name, name_key, search_key) values
  ('00000000-0000-7000-8000-000000000001', 'province', 'vn.p31', '31', 'Hải Phòng', 'Hải Phòng', 'h', 'h');
insert into plans_plan (id, code, number, title, title_en, issuer, province_code, starts, ends, source, note, doubts,
    digest, version) values
  ('00000000-0000-7000-8000-000000000002', 'k', '', 'K', '', 'S', '31', 2025, 2030, '', '', '{}', 'x', 1);
insert into plans_indicator (id, plan_id, code, rank, "group", title, title_en, unit, direction, lead, reporting, scope,
    numerator, denominator, system, same_as, note, decision, measure, app, because, is_withdrawn) values
  ('00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000002', 'C1', 1, '', 'C', '', 'percent',
   'up', '', '', '', '', '', '', '{}', '', 'counted', '', '', '', false);
insert into plans_reported (id, indicator_id, organisation_id, as_of, value, source, written_at) values
  ('00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-000000000003',
   '00000000-0000-7000-8000-000000000001', '2026-11-05', 81.5, 'số liệu thử', '2026-11-06T00:00:00Z'),
  ('00000000-0000-7000-8000-00000000000b', '00000000-0000-7000-8000-000000000003',
   '00000000-0000-7000-8000-000000000001', '2026-11-20', 82, '', '2026-11-20T00:00:00Z'),
  ('00000000-0000-7000-8000-00000000000c', '00000000-0000-7000-8000-000000000003',
   '00000000-0000-7000-8000-000000000001', '2026-10-31', 80, '', '2026-11-01T00:00:00Z');
"""
READ = """
select period::text, version, as_of::text, value::float, state, path::text, reason, submitted_by_name, reviewed_by_name,
  reviewed_at = written_at
from plans_reported order by period, version
"""
CARRIED, NOBODY = "Chuyển từ bản trước", "Chuyển từ bản trước, không có người duyệt"


def test_values_reported_before_are_accepted_and_say_that_nobody_reviewed_them() -> None:
    with a_database("plans") as (connection, migrate):
        migrate("0001")
        connection.execute(ROWS)

        migrate("0004")

        carried = connection.execute(READ).fetchall()
        secured = connection.execute("select relforcerowsecurity from pg_class where relname = 'plans_reported'")
        assert secured.fetchone() == (True,)
    assert carried == [
        ("2026-10-01", 1, "2026-10-31", 80.0, "accepted", "vn.p31", "", CARRIED, NOBODY, True),
        ("2026-11-01", 1, "2026-11-05", 81.5, "accepted", "vn.p31", "", CARRIED, NOBODY, True),
        ("2026-11-01", 2, "2026-11-20", 82.0, "accepted", "vn.p31", CARRIED, CARRIED, NOBODY, True),
    ]
