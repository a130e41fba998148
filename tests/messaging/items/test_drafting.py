"""Drafts of every kind of item: begun, found, kept, listed, deleted; none is taken for one of another kind."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import User
from core.db import database_now
from messaging.items.access import draft_of, drafts_of
from messaging.items.errors import AlreadySent, DraftChanged, DraftMissing, DraftTooLarge
from messaging.items.kinds import kind_of
from messaging.items.limits import DRAFT_MOST_BYTES
from messaging.items.models import Blob, Draft
from messaging.items.retention import look_after_drafts
from messaging.items.services.draft_sealing import Content, OpenDraft, Seed, open_draft
from messaging.items.services.drafting import drop_draft, find_draft, keep_draft, take_draft
from messaging.items.storage import kept_together, space_of
from tests.messaging.items.making import make_sender, send_item
from tests.messaging.outside.making import File, arrived

pytestmark = pytest.mark.django_db

KIND, OTHER = "envelope", "message"
CONTENT: Content = {"title": "Canary lease", "zones": [{"page": 1, "left": 0.25, "who": None}]}


@pytest.fixture
def owner() -> User:
    return make_sender()


def begin(owner: User, kind: str = KIND, content: Content = CONTENT) -> OpenDraft:
    return keep_draft(kind=kind, owner=owner, form_key=uuid.uuid4(), version=0, content=content)


def test_a_draft_is_found_and_gives_back_what_was_kept(owner: User) -> None:
    draft = begin(owner)
    form_key = draft.row.form_key
    assert draft_of(owner, form_key, kind=KIND) == draft.row
    assert find_draft(kind=KIND, owner=owner, form_key=form_key) == draft
    assert draft.content == CONTENT
    later = keep_draft(kind=KIND, owner=owner, form_key=form_key, version=1, content={"title": "Another"})
    assert (later.row.version, open_draft(Draft.objects.get(), kind=KIND).content) == (2, {"title": "Another"})


def test_the_same_content_twice_is_no_conflict_however_it_is_written(owner: User) -> None:
    draft = begin(owner, content={"signers": ("zoe", "noah")})
    same = keep_draft(
        kind=KIND, owner=owner, form_key=draft.row.form_key, version=0, content={"signers": ["zoe", "noah"]}
    )
    assert same.row.version == 1
    with pytest.raises(DraftChanged):
        keep_draft(kind=KIND, owner=owner, form_key=draft.row.form_key, version=0, content={"signers": []})


def test_a_list_holds_the_drafts_of_one_kind_and_one_person_newest_first(owner: User) -> None:
    older, newer = begin(owner), begin(owner)
    begin(owner, OTHER)
    begin(make_sender("other@demo.example"))
    assert list(drafts_of(owner, kinds=[KIND])) == [newer.row, older.row]


def test_a_draft_of_one_kind_is_not_found_opened_or_sent_as_another(owner: User) -> None:
    for kind, other in ((KIND, OTHER), (OTHER, KIND)):
        row = begin(owner, kind).row
        form_key, content = row.form_key, {"title": "Written over"}
        assert draft_of(owner, form_key, kind=other) is None
        assert find_draft(kind=other, owner=owner, form_key=form_key) is None
        with pytest.raises(DraftMissing):
            open_draft(row, kind=other)
        for version in (0, 1):
            with pytest.raises(DraftMissing):
                keep_draft(kind=other, owner=owner, form_key=form_key, version=version, content=content)
            with pytest.raises(DraftMissing):
                take_draft(kind=other, owner=owner, form_key=form_key, version=version)
        assert not drop_draft(kind=other, owner=owner, form_key=form_key)
        assert open_draft(Draft.objects.get(pk=row.pk), kind=kind).content == CONTENT


def test_a_draft_whose_kind_was_changed_in_the_database_opens_as_neither(owner: User) -> None:
    row = begin(owner, KIND).row
    Draft.objects.update(kind=OTHER)
    row.refresh_from_db()
    with pytest.raises(DraftMissing):
        open_draft(row, kind=OTHER)
    look_after_drafts(database_now() + timedelta(days=1))
    assert Draft.objects.get().key_sealed_on == row.key_sealed_on


def test_only_messages_keep_the_place_their_keys_were_sealed_for_before() -> None:
    assert kind_of("message").draft_place == "secure_messages_draft"
    assert kind_of("envelope").draft_place == "items_draft:envelope"


def test_a_form_that_was_sent_does_not_come_back_as_a_draft_of_any_kind(owner: User) -> None:
    form_key = uuid.uuid4()
    send_item(owner, form_key=form_key)
    for kind in (KIND, OTHER):
        with pytest.raises(AlreadySent):
            keep_draft(kind=kind, owner=owner, form_key=form_key, version=0, content=CONTENT)
        with pytest.raises(AlreadySent):
            take_draft(kind=kind, owner=owner, form_key=form_key, version=1)
    assert not Draft.objects.exists()


def test_a_draft_that_is_taken_leaves_the_table_and_its_files_stay(owner: User) -> None:
    draft = with_files(owner)
    taken = take_draft(kind=KIND, owner=owner, form_key=draft.row.form_key, version=1)
    assert (taken.content, taken.files) == (CONTENT, draft.files)
    assert (Draft.objects.count(), Blob.objects.count()) == (0, 2)


def test_files_are_added_and_taken_away_without_touching_what_was_typed(owner: User) -> None:
    draft = with_files(owner)
    first, second = draft.files
    assert {blob.file_id for blob in Blob.objects.all()} == {first.file_uuid, second.file_uuid}
    changed = keep_draft(
        kind=KIND,
        owner=owner,
        form_key=draft.row.form_key,
        version=1,
        content=draft.content,
        seed=draft.seed,
        added=[arrived(File("third.pdf", b"x" * 300), draft.seed)],
        removed=[first.file_id],
    )
    assert [entry.name for entry in changed.files] == ["second.pdf", "third.pdf"]
    assert open_draft(Draft.objects.get(), kind=KIND) == changed
    assert Blob.objects.count() == 2


def test_files_of_every_kind_count_for_their_owner_and_organization(owner: User) -> None:
    form_keys = {kind: with_files(owner, kind).row.form_key for kind in (KIND, OTHER)}
    assert space_of(owner).used_bytes == 600
    assert owner.organization_id is not None
    assert kept_together(owner.organization_id) == 600
    assert drop_draft(kind=KIND, owner=owner, form_key=form_keys[KIND])
    assert space_of(owner).used_bytes == kept_together(owner.organization_id) == 300
    assert list(Draft.objects.values_list("kind", flat=True)) == [OTHER]


def test_a_content_longer_than_a_draft_may_be_is_refused_and_nothing_is_lost(owner: User) -> None:
    longest = "é" * (DRAFT_MOST_BYTES // 2 - 7)
    assert len(f'{{"text": "{longest}"}}'.encode()) == DRAFT_MOST_BYTES - 2
    draft = begin(owner, content={"text": longest})
    with pytest.raises(DraftTooLarge):
        keep_draft(
            kind=KIND, owner=owner, form_key=draft.row.form_key, version=1, content={"text": f"{longest}and more"}
        )
    assert open_draft(Draft.objects.get(), kind=KIND).content == {"text": longest}


def with_files(owner: User, kind: str = KIND) -> OpenDraft:
    """Return a draft with two files, of 100 and 200 bytes."""
    seed = Seed()
    added = [arrived(File("first.pdf", b"x" * 100), seed), arrived(File("second.pdf", b"x" * 200), seed)]
    return keep_draft(kind=kind, owner=owner, form_key=uuid.uuid4(), version=0, content=CONTENT, seed=seed, added=added)
