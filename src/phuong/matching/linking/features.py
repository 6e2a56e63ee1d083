"""What is compared: the parts of a Vietnamese name with and without marks, the date both ways, numbers in disguise.

All of it is worked out by DuckDB, a column at a time. Input: a table ``people`` with the columns of ``COLUMNS``;
output: a table ``features``. Nothing in it leaves the process but levels of agreement.
"""

import unicodedata

import duckdb

COLUMNS = {
    "key": "BIGINT",  # place of the row; the caller knows whose it is
    "source": "VARCHAR",  # register: «a», «b»; one for all when a register is searched for doubles
    "full_name": "VARCHAR",
    "birth_date": "DATE",
    "sex": "VARCHAR",
    "number": "VARCHAR",  # in disguise: equal and one-digit-apart numbers stay so (``Disguise``)
    "is_verified": "BOOLEAN",
    "phones": "VARCHAR[]",  # one's own, and the guardians'
    "school": "VARCHAR",
    "commune": "VARCHAR",
    "birthplace": "VARCHAR",
}
MOST_WITH_ONE_NUMBER = 8  # a number that more people have is a stopgap, not a number
MOST_WITH_ONE_PHONE = 12  # likewise a phone: the school's own
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_VOWELS = "aăâeêioôơuưy"


def _table() -> tuple[str, str, str]:
    """Give all toned vowels, the same without tone, and the number of the tone."""
    toned, plain, tones = "", "", ""
    for vowel in _VOWELS:
        for rank, tone in enumerate(_TONES, start=1):
            toned += unicodedata.normalize("NFC", vowel + tone)
            plain += vowel
            tones += str(rank)
    return toned, plain, tones


_TONED, _TONELESS, _RANKS = _table()
_SAME_SOUND = r"regexp_replace(regexp_replace({}, '([hklmst])y\b', '\1i', 'g'), '\bquy\b', 'qui', 'g')"

_NAMES = f"""
create or replace temp table named as
with spelt as (
  select key, lower(nfc_normalize(trim(regexp_replace(full_name, '\\s+', ' ', 'g')))) as name from people
), toneless as (
  select key, name, translate(name, '{_TONED}', '{_TONELESS}') as letters,
    regexp_replace(translate(name, '{_TONED}', '{_RANKS}'), '[^0-9 ]', '', 'g') as tones from spelt
), bare as (
  select key, name, {_SAME_SOUND.format("letters")} as letters, tones,
    {_SAME_SOUND.format("strip_accents(replace(translate(letters, 'ăâêôơư', 'aaeoou'), 'đ', 'd'))")} as plain
  from toneless
)
select key, letters, tones, plain, name = strip_accents(replace(name, 'đ', 'd')) as is_plain,
  string_split(letters, ' ') as words, string_split(tones, ' ') as marks, string_split(plain, ' ') as plains
from bare
"""
_FEATURES = f"""
create or replace table features as
with many as (
  select number from people where number is not null group by source, number having count(*) > {MOST_WITH_ONE_NUMBER}
), crowded as (
  select phone from (select source, unnest(phones) as phone from people)
  group by source, phone having count(*) > {MOST_WITH_ONE_PHONE}
)
select p.key as unique_id, p.source as source_dataset,
  n.words[-1] || n.marks[-1] as given, n.plains[-1] as given_plain,
  array_to_string(n.words[:-2], ' ') || '|' || array_to_string(n.marks[:-2], ' ') as rest,
  array_to_string(n.plains[:-2], ' ') as rest_plain, n.plains[1] as surname, n.plains[2:-2] as middle,
  array_to_string(list_sort(n.plains), ' ') as sorted_name, n.plain as plain_name, n.is_plain,
  p.birth_date as born, strftime(p.birth_date, '%d%m%Y') as born_text,
  case when day(p.birth_date) <= 12 then make_date(year(p.birth_date), day(p.birth_date), month(p.birth_date)) end
    as born_swapped,
  least(p.birth_date, case when day(p.birth_date) <= 12
    then make_date(year(p.birth_date), day(p.birth_date), month(p.birth_date)) end) as born_either,
  year(p.birth_date) as born_year, month(p.birth_date) as born_month, day(p.birth_date) as born_day,
  nullif(p.sex, '') as sex,
  case when p.number in (from many) then null else p.number end as number, p.is_verified,
  list_distinct(list_filter(p.phones, lambda phone: phone <> '' and not list_contains(c.phones, phone))) as phones,
  nullif(p.school, '') as school, nullif(p.commune, '') as commune,
  nullif(regexp_replace(strip_accents(replace(lower(trim(string_split(p.birthplace, ',')[-1])), 'đ', 'd')),
    '^(thanh pho|tinh|tp\\.?|t\\.) *', ''), '') as birthplace
from people p join named n using (key)
cross join (select coalesce(list(phone), []) as phones from crowded) c
"""


def lay_out(con: duckdb.DuckDBPyConnection) -> int:
    """Make ``features`` from ``people``; gives how many rows."""
    con.execute(_NAMES)
    con.execute(_FEATURES)
    con.execute("drop table named")
    return int(con.execute("select count(*) from features").fetchall()[0][0])
