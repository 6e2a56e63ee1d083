"""Files that anybody may take: CSV, its schema (CSVW), the catalogue of them (DCAT 3). Nothing here knows Django."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

BOM = "\ufeff"
CSVW = "http://www.w3.org/ns/csvw"
SCHOOL_YEAR_BEGINS, SCHOOL_YEAR_ENDS = 9, 5  # months: of school years before the last count of May is told
_DATATYPES = {"string": "string", "integer": "integer", "number": "decimal", "boolean": "boolean", "date": "date"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "csvw": "http://www.w3.org/ns/csvw#",
}
_MONTHLY = "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
_EDUCATION = "http://publications.europa.eu/resource/authority/data-theme/EDUC"
_CSV_TYPE = "https://www.iana.org/assignments/media-types/text/csv"
Row = Sequence[Any]


@dataclass(frozen=True)
class Field:
    """A column: its name in the file, what it holds, its titles; ``codes``: the official list its values are of."""

    name: str
    type: str
    title: str
    title_en: str
    required: bool = False
    codes: str = ""


@dataclass(frozen=True)
class Licence:
    """Under which terms anybody may use a dataset."""

    code: str
    title: str
    title_en: str
    url: str


@dataclass(frozen=True)
class Dataset:
    """What may be opened: its titles, its columns, the columns that name a line, how it is filled."""

    code: str
    content: str
    title: str
    title_en: str
    about: str
    about_en: str
    keywords: tuple[str, ...]
    keywords_en: tuple[str, ...]
    personal: bool
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    licence: Licence
    measures: tuple[str, ...] = ()
    years: int = 1


@dataclass(frozen=True)
class Offer:
    """A dataset that stands open: where its page, file and schema lie, which day it tells of, how large it is."""

    dataset: Dataset
    page: str
    file: str
    schema: str
    place: str  # the province
    as_of: dt.date
    opened_at: dt.datetime
    made_at: dt.datetime
    size: int
    digest: str  # SHA-256, hexadecimal


def csv_text(fields: Iterable[Field], rows: Iterable[Row]) -> str:
    """Write rows as RFC 4180 says, header first: points for decimals, ISO dates, empty for what is not told.

    Text that a spreadsheet would run as a formula gets an apostrophe, as in every file of the house.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([each.name for each in fields])
    writer.writerows([_written(value) for value in row] for row in rows)
    return out.getvalue()


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    text = str(value)
    return "'" + text if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text


def schema_of(dataset: Dataset, file: str) -> dict[str, Any]:
    """Describe the file of a dataset as CSV on the Web says (a metadata document of one table)."""
    return {
        "@context": [CSVW, {"@language": "vi"}],
        "url": file,
        "dc:title": [{"@value": dataset.title, "@language": "vi"}, {"@value": dataset.title_en, "@language": "en"}],
        "dc:license": {"@id": dataset.licence.url},
        "dialect": {"delimiter": ",", "header": True, "encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": [_column(each) for each in dataset.fields], "primaryKey": list(dataset.key)},
    }


def _column(field: Field) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": field.name,
        "titles": {"vi": field.title, "en": field.title_en},
        "datatype": _DATATYPES[field.type],
        "required": field.required,
    }
    return facts | ({"dc:description": f"code list {field.codes}"} if field.codes else {})


def catalogue(offers: Sequence[Offer], *, page: str, publisher: str) -> dict[str, Any]:
    """Write the catalogue of what stands open as DCAT 3 in JSON-LD; its context lies inside, none is fetched."""
    title = [_text("Dữ liệu mở ngành giáo dục", "vi"), _text("Open data of education", "en")]
    return {
        "@context": _CONTEXT,
        "@id": page,
        "@type": "dcat:Catalog",
        "dct:title": title,
        "dct:language": ["vi", "en"],
        "dct:publisher": _publisher(publisher),
        "foaf:homepage": {"@id": page},
        "dct:modified": _moment(max((each.made_at for each in offers), default=None)),
        "dcat:dataset": [_dataset(each, publisher) for each in offers],
    }


def _dataset(offer: Offer, publisher: str) -> dict[str, Any]:
    dataset = offer.dataset
    words = [*(_text(each, "vi") for each in dataset.keywords), *(_text(each, "en") for each in dataset.keywords_en)]
    return {
        "@id": offer.page,
        "@type": "dcat:Dataset",
        "dct:identifier": f"{offer.place}/{dataset.code}",
        "dct:title": [_text(dataset.title, "vi"), _text(dataset.title_en, "en")],
        "dct:description": [_text(dataset.about, "vi"), _text(dataset.about_en, "en")],
        "dcat:keyword": words,
        "dcat:theme": {"@id": _EDUCATION},
        "dct:publisher": _publisher(publisher),
        "dct:spatial": {"@type": "dct:Location", "dct:title": offer.place},
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:endDate": _day(offer.as_of)},
        "dct:accrualPeriodicity": {"@id": _MONTHLY},
        "dct:issued": _moment(offer.opened_at),
        "dct:modified": _moment(offer.made_at),
        "dcat:landingPage": {"@id": offer.page},
        "dcat:distribution": [_distribution(offer)],
    }


def _distribution(offer: Offer) -> dict[str, Any]:
    checksum = {"@type": "spdx:Checksum", "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"}}
    return {
        "@id": offer.file,
        "@type": "dcat:Distribution",
        "dct:title": [_text("Tệp CSV", "vi"), _text("CSV file", "en")],
        "dcat:accessURL": {"@id": offer.page},
        "dcat:downloadURL": {"@id": offer.file},
        "dcat:mediaType": {"@id": _CSV_TYPE},
        "dct:license": {"@id": offer.dataset.licence.url},
        "dct:conformsTo": {"@id": offer.schema},
        "dct:modified": _moment(offer.made_at),
        "dcat:byteSize": {"@value": str(offer.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": checksum | {"spdx:checksumValue": {"@value": offer.digest, "@type": "xsd:hexBinary"}},
    }


def _publisher(name: str) -> dict[str, Any]:
    return {"@type": "foaf:Agent", "foaf:name": _text(name, "vi")}


def _text(words: str, language: str) -> dict[str, str]:
    return {"@value": words, "@language": language}


def _moment(moment: dt.datetime | None) -> dict[str, str] | None:
    return {"@value": moment.isoformat(), "@type": "xsd:dateTime"} if moment else None


def _day(day: dt.date) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}


def school_year_of(day: dt.date) -> int:
    """Give the year in which the school year of a day began (September)."""
    return day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1


def counted_days(days: Iterable[dt.date], *, most: int) -> dict[int, dt.date]:
    """Choose a day that tells of each of the last ``most`` school years: the last counted, of past ones up to May."""
    chosen: dict[int, dt.date] = {}
    known = sorted(days)
    if not known:
        return chosen
    present = school_year_of(known[-1])
    for day in known:
        year = school_year_of(day)
        is_told = year == present or not SCHOOL_YEAR_ENDS < day.month < SCHOOL_YEAR_BEGINS
        if is_told and year > present - most:
            chosen[year] = day
    return chosen
