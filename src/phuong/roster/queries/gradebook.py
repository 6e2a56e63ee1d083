"""The gradebook service: columns of sheets of marks as line items, cells as results, as SQL over what academics reads.

A line item is ``SHEET.r1``, a result ``MARK.r1``; a subject assessed by remarks has a score scale in each class. A cell
without a mark is a result that is not submitted: who follows changes hears of a mark that was taken back.
"""

from phuong.academics.api import ABSENT, MARK_CELLS, SHEET_COLUMNS
from phuong.roster.queries.projections import DAY, KEY, NUMBER, Field, Projection

_SID = Field("x.k1", KEY, "x.k2")
_STATUS = Field("x.status")
_CATEGORIES = """
select s.k1, '' as k2, 'active' as status, s.title, %(opened)s::timestamptz as made_at
from (values ('regular', 'Thường xuyên'), ('midterm', 'Giữa kì'), ('final', 'Cuối kì'), ('average', 'Trung bình môn'))
  as s(k1, title)
"""
CATEGORIES = Projection(
    "categories",
    "category",
    (_CATEGORIES,),
    {"sourcedId": _SID, "status": _STATUS, "title": Field("x.title")},
    kind="text",
    told=("title",),
)
# a subject that was never given to a teacher is no class of its own: its marks belong to the class group
_OF_CLASS = """c.class_group_id as class_1, case when exists (select 1 from registry_teachingassignment a
  where a.class_group_id = c.class_group_id and a.subject = c.subject) then c.subject else '' end as class_2"""
_HELD = "c.school_year = %(year)s and c.organisation_id in ({units})"
_LINE_ITEMS = f"""
select c.sheet as k1, c.code as k2, 'active' as status, c.kind as category, c.is_scored, c.subject,
  coalesce(n.title, c.subject) || ': ' || case c.kind when 'regular' then 'thường xuyên ' || c.place
    when 'midterm' then 'giữa kì' when 'final' then 'cuối kì' else 'trung bình môn' end as title,
  case c.term when 1 then %(opens)s::date else %(turns)s::date end as starts_on,
  case c.term when 1 then %(turns)s::date else %(closes)s::date end as ends_on,
  {_OF_CLASS}, c.organisation_id as school, c.school_year::text as year, c.term::text as term, 'g' || c.term as period
from ({SHEET_COLUMNS}) c left join kernel_codeentry n on n.list = 'subject' and n.code = c.subject
where {_HELD}
"""
LINE_ITEMS = Projection(
    "lineItems",
    "lineItem",
    (_LINE_ITEMS,),
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "title": Field("x.title"),
        "assignDate": Field("x.starts_on", DAY),
        "dueDate": Field("x.ends_on", DAY),
        "class.sourcedId": Field("x.class_1", KEY, "x.class_2"),
        "school.sourcedId": Field("x.school", KEY),
        "category.sourcedId": Field("x.category", KEY, is_text=True),
        "gradingPeriod.sourcedId": Field("x.year", KEY, "x.period", is_text=True),
        "academicSession.sourcedId": Field("x.year", KEY, "x.term", is_text=True),
    },
    is_long=True,
    told=(
        "title",
        "assignDate",
        "dueDate",
        "class",
        "school",
        "category",
        "gradingPeriod",
        "academicSession",
        "scoreScale",
        "resultValueMin",
        "resultValueMax",
    ),
)
_RESULTS = f"""
select c.mark as k1, c.code as k2, 'active' as status, c.sheet, c.learner_id as student, {_OF_CLASS},
  c.organisation_id as school, c.subject, c.is_scored, c.remark as comment, c.changed_at,
  case when c.is_exempt then 'exempt' when c.value >= 0 then 'fully graded' else 'not submitted' end as score_status,
  case when c.is_exempt or c.value < 0 then null when c.is_scored then c.value / 10.0 else c.value end as score,
  not c.is_exempt and coalesce(c.value = {ABSENT}, false) as is_missing,
  (greatest(roster_made_at(c.mark), c.changed_at) at time zone %(zone)s)::date as scored_on
from ({MARK_CELLS}) c
where {_HELD} and c.learner_id in ({{people}})
"""
RESULTS = Projection(
    "results",
    "result",
    (_RESULTS,),
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "scoreStatus": Field("x.score_status"),
        "score": Field("x.score", NUMBER),
        "scoreDate": Field("x.scored_on", DAY),
        "lineItem.sourcedId": Field("x.sheet", KEY, "x.k2"),
        "student.sourcedId": Field("x.student", KEY),
        "class.sourcedId": Field("x.class_1", KEY, "x.class_2"),
    },
    is_long=True,
    told=(
        "lineItem",
        "student",
        "class",
        "scoreScale",
        "scoreStatus",
        "score",
        "textScore",
        "scoreDate",
        "comment",
        "missing",
    ),
    changed="x.changed_at",
    is_counted=False,
)
_SCORE_SCALES = f"""
select c.class_group_id as k1, c.subject as k2, 'active' as status, coalesce(max(n.title), c.subject) as title,
  {_OF_CLASS}, c.organisation_id as school
from ({SHEET_COLUMNS}) c left join kernel_codeentry n on n.list = 'subject' and n.code = c.subject
where {_HELD} and not c.is_scored and c.code = 'final'
group by c.class_group_id, c.subject, c.organisation_id
"""
SCORE_SCALES = Projection(
    "scoreScales",
    "scoreScale",
    (_SCORE_SCALES,),
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "title": Field("x.title"),
        "class.sourcedId": Field("x.class_1", KEY, "x.class_2"),
    },
    told=("title", "type", "class", "scoreScaleValue"),
)
GRADEBOOK: dict[str, Projection] = {each.name: each for each in (CATEGORIES, LINE_ITEMS, RESULTS, SCORE_SCALES)}
_OF_THE_CLASS = "x.class_1 = %(of_1)s::uuid and x.class_2 = %(of_2)s"
_OF_THE_SCHOOL = "x.school = %(of_1)s::uuid"
GRADEBOOK_NESTED: dict[tuple[str, ...], str] = {  # (collection, its parts): which rows of the parts
    ("classes", "categories"): "true",
    ("classes", "lineItems"): _OF_THE_CLASS,
    ("classes", "results"): _OF_THE_CLASS,
    ("classes", "scoreScales"): _OF_THE_CLASS,
    ("schools", "lineItems"): _OF_THE_SCHOOL,
    ("schools", "scoreScales"): _OF_THE_SCHOOL,
    ("lineItems", "results"): "x.sheet = %(of_1)s::uuid and x.k2 = %(of_2)s",
}
STUDENT_IN_CLASS = (
    "x.student = %(of_1)s::uuid and x.class_1 = %(within_1)s::uuid and x.class_2 = %(within_2)s"  # results of one class
)
