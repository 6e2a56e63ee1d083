"""Marks as software of others reads them, as SQL: every column of every sheet, and every cell of every row of marks.

Both are made to be selected from: ``sheet`` and ``mark`` are keys with an index, the columns of one are made up as it
is read. A cell that is empty is there too, without a value, so that who follows changes hears of a mark taken back.
"""

AVERAGE = "average"  # the column of what a term comes to
_KIND = "case when left({code}, 1) = 'r' then 'regular' else {code} end"
SHEET_COLUMNS = f"""
select s.id as sheet, c.code, {_KIND.format(code="c.code")} as kind, c.place, s.class_group_id, s.organisation_id,
  s.school_year, s.term, s.subject, s.is_scored
from academics_gradesheet s cross join lateral (
  select 'r' || n as code, n as place from generate_series(1, s.columns) n
  union all values ('midterm', 0), ('final', 0), ('{AVERAGE}', 0)
) c
"""
MARK_CELLS = f"""
select m.id as mark, c.code, {_KIND.format(code="c.code")} as kind, m.sheet_id as sheet, m.learner_id, c.value,
  m.is_exempt, case when c.code = '{AVERAGE}' then m.remark else '' end as remark, m.changed_at, s.class_group_id,
  s.organisation_id, s.school_year, s.term, s.subject, s.is_scored
from academics_mark m join academics_gradesheet s on s.id = m.sheet_id cross join lateral (
  select 'r' || n as code, m.regular[n] as value from generate_series(1, s.columns) n
  union all values ('midterm', m.midterm), ('final', m.final), ('{AVERAGE}', m.average)
) c
"""
