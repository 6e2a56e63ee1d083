"""How far a name and a birth date may be trusted in these very registers, as the numbers tell.

Namesakes born on one day in one place are no accident: cousins are named alike, and names follow fashions. A model of
independent parts cannot know how many there are. The records that have numbers can: of pairs that agree in name and
date, how many turn out to have one number, and how many two? Where two are too frequent, pairs without numbers are left
to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

ERRORS = 0.004  # share of all sure pairs that may be namesakes, as far as can be estimated
LEAST_TRUST = 0.9
FEWEST = 20  # pairs with numbers on both sides; below, the model is believed
NAMESAKES = "namesakes"
_ONE_NAME = "given in ('equal', 'no_marks', 'marks') and rest in ('equal', 'no_marks', 'marks') and born = 'equal'"
_JUDGED = """
with judged as (
  select p.unique_id_l as one, p.unique_id_r as two, l.number = r.number or hamming(l.number, r.number) = 1 as is_one,
    case when len(l.phones) = 0 or len(r.phones) = 0 then 'missing'
      when list_has_any(l.phones, r.phones) then 'equal' else 'other' end as phone
  from {predicted} p join features l on l.unique_id = p.unique_id_l join features r on r.unique_id = p.unique_id_r
  where l.number is not null and length(l.number) = length(r.number)
), settled as (select one as record from judged where is_one union select two from judged where is_one)
select phone, count(*) filter (where is_one), count(*) from judged
where is_one or not ({apart} and (one in (from settled) or two in (from settled))) group by 1
"""  # where each person stands once, a namesake of somebody found is a rival, and rivals are left to people anyway
_WAITING = f"""
select phone, count(*) from scored where never is null and guard is null and number = 'missing' and {_ONE_NAME}
  and probability >= ? group by 1
"""
_HOLD = f"update scored set guard = ? where guard is null and number = 'missing' and {_ONE_NAME} and phone = ?"


@dataclass(frozen=True)
class Trust:
    """How often a pair that agrees in name and date is one person's (0 to 1), judged by ``judged`` pairs."""

    share: float
    judged: int


def trust(con: duckdb.DuckDBPyConnection, predicted: str, *, apart: bool) -> Mapping[str, Trust]:
    """Let numbers judge the pairs of ``predicted``, which agree in name and date; gives the trust by level of phone."""
    rows = con.execute(_JUDGED.format(predicted=predicted, apart=apart)).fetchall()
    return {phone: Trust((of_one + 1) / (in_all + 2), in_all) for phone, of_one, in_all in rows}


def hold_back(con: duckdb.DuckDBPyConnection, trusts: Mapping[str, Trust], *, sure: float) -> list[str]:
    """Leave to people what agrees in name and date alone and is not to be trusted; gives the levels of phone.

    Levels are let through, the most trusted first, as long as the errors to be expected stay below ``ERRORS``.
    """
    total = con.execute(
        "select count(*) from scored where never is null and guard is null and probability >= ?", [sure]
    ).fetchall()[0][0]
    waiting = dict(con.execute(_WAITING, [sure]).fetchall())
    held, errors = [], 0.0
    for phone, count in sorted(waiting.items(), key=lambda item: -_share(trusts, item[0])):
        expected = count * (1 - _share(trusts, phone))
        if _share(trusts, phone) < LEAST_TRUST or errors + expected > ERRORS * total:
            con.execute(_HOLD, [NAMESAKES, phone])
            held.append(phone)
        else:
            errors += expected
    return held


def _share(trusts: Mapping[str, Trust], phone: str) -> float:
    known = trusts.get(phone)
    return known.share if known and known.judged >= FEWEST else 1.0
