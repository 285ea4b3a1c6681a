"""What survives a restart of the bridge, and what a damaged file costs."""

from pathlib import Path

import pytest

from openhab_bridge.memory import HouseMemory, MemoryFile, pack


def written(folder: Path) -> MemoryFile:
    file = MemoryFile(folder, "5010009999")
    memory = HouseMemory()
    memory.session.clock = 12.5
    memory.session.measured_at = 3_600_000.0
    file.write(pack(memory))
    return file


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = written(tmp_path / "not" / "there")
    again = MemoryFile(file.path.parent, "5010009999").load()
    assert (again.session.clock, again.session.measured_at) == (12.5, 3_600_000.0)
    assert [path.name for path in file.path.parent.iterdir()] == ["5010009999.json"]


def test_nothing_is_kept_at_first(tmp_path: Path) -> None:
    assert MemoryFile(tmp_path, "1").load() == HouseMemory()


DAMAGES = {
    "empty": b"",
    "torn": b"{",
    "a list": b"[]",
    "another form": b'{"session": 1}',
    "no text": b"\xff\xfe",
    "too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_put_aside_and_said(tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file = written(tmp_path)
    file.path.write_bytes(damage)
    assert file.load() == HouseMemory()
    assert str(file.path) in caplog.text
    assert file.path.with_suffix(".damaged").read_bytes() == damage


def test_a_half_written_file_never_takes_the_place_of_a_whole_one(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.path.with_suffix(".new").write_bytes(b"{")
    assert file.load().session.clock == 12.5
