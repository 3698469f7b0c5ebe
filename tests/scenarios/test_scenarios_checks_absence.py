"""The consistency check on absent people: nobody answers from a flight."""

import pytest

from tests.scenarios.small_world import assert_only, edited, faults

AWAY = "[{from: 2031-05-06 12:00, until: 2031-05-06 18:00, why: train to Oslo}]"
DRIVER = "{name: Leila Haddad, title: Driver, gender: f"
AUTOMATIC = '    automatic: true\n    subject: "Automatic reply'


def boss_away(since: str, until: str) -> str:
    return edited(AWAY, f"[{{from: 2031-05-06 {since}, until: 2031-05-06 {until}, why: train to Oslo}}]")


def driver_away(since: str, until: str) -> str:
    return edited(DRIVER, f"{DRIVER}, away: [{{from: 2031-05-06 {since}, until: 2031-05-06 {until}, why: at lunch}}]")


# The boss writes at 08:00 (week) and 08:45 (drill-answer); an absence holds from its first minute until before its end.
@pytest.mark.parametrize(
    ("since", "until", "mail"),
    [("07:00", "08:01", "week"), ("08:00", "08:01", "week"), ("08:45", "18:00", "drill-answer")],
)
def test_a_mail_of_an_absent_person_is_found(since: str, until: str, mail: str) -> None:
    assert_only(faults(boss_away(since, until)), f"mail {mail}:", "boss", "train to Oslo")


@pytest.mark.parametrize(("since", "until"), [("07:00", "08:00"), ("08:01", "08:45"), ("08:46", "18:00")])
def test_a_mail_before_or_after_an_absence_is_no_fault(since: str, until: str) -> None:
    assert faults(boss_away(since, until)) == []


def test_an_automatic_mail_of_an_absent_person_is_no_fault() -> None:
    text = boss_away("08:00", "08:01")
    assert faults(edited("subject: This week", "automatic: true\n    subject: This week", text)) == []


def test_an_arrival_of_an_absent_person_is_found() -> None:
    assert_only(
        faults(edited(AUTOMATIC, AUTOMATIC.replace("true", "false"))), "arrival boss-away", "boss", "train to Oslo"
    )


# The session begins at 14:00; an arrival may come in the two hours from then.
@pytest.mark.parametrize(("since", "until"), [("13:31", "14:01"), ("15:59", "20:00"), ("14:30", "14:31")])
def test_an_arrival_of_a_person_who_leaves_in_the_session_is_found(since: str, until: str) -> None:
    assert_only(faults(driver_away(since, until)), "arrival driver-thanks", "driver", "at lunch")


@pytest.mark.parametrize(("since", "until"), [("13:31", "14:00"), ("16:00", "20:00")])
def test_an_arrival_before_or_after_an_absence_is_no_fault(since: str, until: str) -> None:
    assert faults(driver_away(since, until)) == []


def test_a_delay_of_an_automatic_notice_is_found() -> None:
    assert_only(faults(edited("delay: 0", "delay: 1")), "arrival boss-away", "delay", "0")
