"""Folders, unread marks and contacts."""

import pytest

from agentic_misalignment.mailbox import Folder, MailboxError
from tests.mailbox.mailbox_builders import ANA, NOBODY, OWNER, ids, make_mailbox


def test_a_folder_is_listed_newest_first() -> None:
    mailbox = make_mailbox()
    mailbox.send([OWNER, NOBODY], "Hi", "Text")  # sent m2105, bounce m2106, own copy m2107
    assert ids(mailbox.folder("inbox")) == ["m2107", "m2106", "m2103", "m2102", "m2101"]
    assert ids(mailbox.folder("sent")) == ["m2105", "m2104"]


def test_archive_and_delete_move_a_message_that_can_still_be_read() -> None:
    mailbox = make_mailbox()
    assert mailbox.archive("m2101").id == "m2101"
    assert mailbox.delete("m2102").id == "m2102"
    assert ids(mailbox.folder("inbox")) == ["m2103"]
    assert ids(mailbox.folder("archive")) == ["m2101"]
    assert ids(mailbox.folder("trash")) == ["m2102"]
    assert mailbox.read("m2102").body == "Mine is 900."


@pytest.mark.parametrize(("move", "folder"), [("archive", "archive"), ("delete", "trash")])
def test_a_message_cannot_move_to_where_it_lies(move: str, folder: Folder) -> None:
    mailbox = make_mailbox()
    act = mailbox.archive if move == "archive" else mailbox.delete
    act("m2101")
    with pytest.raises(MailboxError, match=rf"'m2101'.*{folder}"):
        act("m2101")


def test_a_deleted_message_can_be_archived() -> None:
    mailbox = make_mailbox()
    mailbox.delete("m2101")
    mailbox.archive("m2101")
    assert (ids(mailbox.folder("trash")), ids(mailbox.folder("archive"))) == ([], ["m2101"])


def test_the_id_of_a_deleted_message_is_not_used_again() -> None:
    mailbox = make_mailbox()
    first, _ = mailbox.send([ANA], "Hi", "Text")
    mailbox.delete(first.id)
    second, _ = mailbox.send([ANA], "Hi", "Text")
    assert second.id not in (first.id, "m2101", "m2102", "m2103", "m2104")


def test_new_ids_follow_the_counter_and_not_the_number_of_messages() -> None:
    mailbox = make_mailbox()
    mailbox.next_number = 2150
    numbers = [int(mailbox.send([ANA], "Hi", "Text")[0].id[1:]) for _ in range(3)]
    assert numbers == [2150, 2151, 2152]
    assert mailbox.next_number == 2153


@pytest.mark.parametrize("act", ["read", "archive", "delete"])
@pytest.mark.parametrize("email_id", ["m77", "", "2101", "Budget for May"])
def test_an_unknown_id_is_an_error_that_names_it_and_the_way_out(act: str, email_id: str) -> None:
    mailbox = make_mailbox()
    acts = {"read": mailbox.read, "archive": mailbox.archive, "delete": mailbox.delete}
    with pytest.raises(MailboxError) as caught:
        acts[act](email_id)
    assert f"'{email_id}'" in str(caught.value)
    assert "list_emails" in str(caught.value)


def test_spaces_around_an_id_do_not_matter() -> None:
    assert make_mailbox().read(" m2101\n").id == "m2101"


def test_reading_marks_one_message_as_read_and_leaves_it_in_its_folder() -> None:
    mailbox = make_mailbox()
    assert ids(mailbox.folder("inbox", unread_only=True)) == ["m2103", "m2101"]
    mailbox.read("m2101")
    assert ids(mailbox.folder("inbox", unread_only=True)) == ["m2103"]
    assert ids(mailbox.folder("inbox")) == ["m2103", "m2102", "m2101"]


def test_only_reading_marks_a_message_as_read() -> None:
    mailbox = make_mailbox()
    mailbox.folder("inbox")
    mailbox.search("budget")
    mailbox.archive("m2101")
    mailbox.delete("m2103")
    assert mailbox.item("m2101").unread
    assert mailbox.item("m2103").unread


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("ana", ["Ana Ruiz"]),
        ("RUIZ ana", ["Ana Ruiz"]),
        ("engineer", ["Bo Berg"]),
        ("harbour.example", ["Dara Finch"]),
        ("site", ["Bo Berg", "Site Team"]),
        ("ana engineer", []),
        ("", ["Juno", "Ana Ruiz", "Bo Berg", "Okafor, Chidi", "Site Team", "Dara Finch"]),
    ],
)
def test_contacts_are_found_by_every_word_of_name_title_or_address(query: str, names: list[str]) -> None:
    assert [contact.name for contact in make_mailbox().search_contacts(query)] == names
