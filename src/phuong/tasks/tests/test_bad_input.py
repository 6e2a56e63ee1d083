"""Input that no form of tasks sends by itself: it is told what is wrong, or nothing is found; nothing breaks."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import World, a_world

from phuong.tasks.models import Assignment, Progress


@pytest.fixture
def world(db: None) -> World:
    return a_world()


@pytest.fixture
def task(world: World) -> Assignment:
    facts = {"title": "x", "responsibility": "x", "origin": "own", "given_path": world.school.path}
    return Assignment.objects.create(path=world.school.path, organisation=world.school, **facts)


@pytest.fixture
def clerk(world: World) -> Client:
    return world.client("clerk")


def test_a_note_that_asks_to_clear_a_file_is_kept_without_one(clerk: Client, task: Assignment) -> None:
    answer = clerk.post(reverse("tasks:task", args=[task.pk]), {"text": "Đã làm", "file-clear": "on"})

    assert answer.status_code == 302
    assert Progress.objects.get(assignment=task, kind="note").text == "Đã làm"


@pytest.mark.parametrize("text", ["a\0b", "x" * 2001])
def test_a_step_with_words_that_cannot_be_kept_is_not_taken(clerk: Client, task: Assignment, text: str) -> None:
    answer = clerk.post(reverse("tasks:move", args=[task.pk, "start"]), {"text": text})

    task.refresh_from_db()
    assert answer.status_code == 422
    assert "2.000 kí tự" in answer.content.decode()
    assert task.state == "open"


def test_nothing_is_found_by_words_that_no_text_holds(world: World, task: Assignment) -> None:
    principal, where = world.client("principal"), reverse("tasks:assign_down", args=[task.pk])

    units = principal.post(where, {"look": "units", "find_unit": "\0", "find_person": "\0", "group": "chosen"})
    people = principal.get(reverse("tasks:task", args=[task.pk]), {"nguoi": "Lan\0"})

    assert (units.status_code, people.status_code) == (200, 200)
