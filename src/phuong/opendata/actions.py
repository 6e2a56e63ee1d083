"""Opening datasets to everybody and shutting them again; writing their files anew once a month."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.measures.api import latest_snapshot
from phuong.opendata.access import province_for
from phuong.opendata.declarations import dataset_named, datasets
from phuong.opendata.models import Edition, Publication
from phuong.opendata.queries import content_of
from phuong.opendata.rules import Dataset, csv_text
from phuong.registry.api import Organisation

HEAD_ROWS = 20


@transaction.atomic
def open_dataset(code: str, *, by: Actor) -> Publication:
    """Open a dataset of the actor's province to everybody, with a file of today's figures.

    :raises NotThere: no such dataset, or not for this actor to open
    :raises NothingCounted: no figures were counted yet
    """
    province, dataset = province_for(by), dataset_named(code)
    row, _made = Publication.objects.select_for_update().get_or_create(province=province, dataset=code)
    if not row.is_open:
        row.is_open, row.opened_at = True, timezone.now()
        row.save(update_fields=["is_open", "opened_at"])
        record("opendata.opened", on_kind="dataset", on_id=row.pk, note=code, path=province.path)
    write_edition(row, dataset, province)
    return row


@transaction.atomic
def shut_dataset(code: str, *, by: Actor) -> None:
    """Take a dataset back: its file is not there any more.

    :raises NotThere: no such dataset, or not for this actor to open
    """
    province, _dataset = province_for(by), dataset_named(code)
    row = Publication.objects.select_for_update().filter(province=province, dataset=code, is_open=True).first()
    if row is None:
        return
    row.is_open = False
    row.save(update_fields=["is_open"])
    Edition.objects.filter(publication=row).delete()
    record("opendata.shut", on_kind="dataset", on_id=row.pk, note=code, path=province.path)


def write_edition(row: Publication, dataset: Dataset, province: Organisation) -> bool:
    """Write the file of a publication anew; says whether it tells anything else than before.

    :raises NothingCounted: no figures were counted yet
    """
    content = content_of(dataset, province)
    text = csv_text(dataset.fields, content.rows)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if Edition.objects.filter(publication=row, digest=digest, as_of=content.as_of).exists():
        return False
    lines = csv_text(dataset.fields, content.rows[:HEAD_ROWS])
    facts: dict[str, Any] = {
        "as_of": content.as_of,
        "made_at": timezone.now(),
        "rows": len(content.rows),
        "hidden": content.hidden,
        "size": len(text.encode()),
        "digest": digest,
        "head": lines,
        "content": text.encode(),
    }
    Edition.objects.update_or_create(publication=row, defaults=facts)
    return True


def refresh_editions(progress: Progress) -> Mapping[str, Any]:
    """Write the files of what stands open anew, once a month from the first count of it; safe to run twice.

    Not more often: two files a day apart would tell who came and who left.
    """
    known = {each.code: each for each in datasets()}
    with acting(SYSTEM):
        latest = latest_snapshot()
        rows = list(Publication.objects.filter(is_open=True, dataset__in=known).select_related("province", "edition"))
    written = 0
    for place, row in enumerate(rows):
        progress.step(place, len(rows))
        if latest is not None and _is_of_an_earlier_month(row, latest.as_of):
            with acting(SYSTEM):
                written += write_edition(row, known[row.dataset], row.province)
    return {"open": len(rows), "written": written}


def _is_of_an_earlier_month(row: Publication, day: Any) -> bool:
    edition = getattr(row, "edition", None)
    return edition is None or (edition.as_of.year, edition.as_of.month) < (day.year, day.month)
