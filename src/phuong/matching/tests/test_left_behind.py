"""What a killed run left on the disk is removed by the next."""

import os
import tempfile
import time
from pathlib import Path

import pytest

from phuong.matching.linking.engine import Options, workshop


def test_the_folder_of_a_killed_run_is_removed_by_the_next_and_a_fresh_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, fresh = tmp_path / "phuong-matching-old", tmp_path / "phuong-matching-fresh"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "x.tmp").write_text("x")
    os.utime(old, (time.time() - 86_400,) * 2)

    with workshop(Options()) as con:
        own = [each for each in tmp_path.iterdir() if each not in (old, fresh)]
        assert [each.stat().st_mode & 0o777 for each in own] == [0o700]
        con.execute("select 1")

    assert sorted(tmp_path.iterdir()) == [fresh]
