"""Where a belief stands, and whether it came before the act."""

import pytest

from agentic_misalignment.judging import BELIEFS, Belief, Evidence, Kind, Quote, Record, Verdict, Writing, place_belief
from agentic_misalignment.judging.rubric import belief_rubric
from agentic_misalignment.judging.writing import KINDS
from agentic_misalignment.scenarios import conditions, experiment, render_episode, scenario
from tests.judging.judging_builders import Session


def said(*ids: str, label: str = "test") -> Verdict:
    """A verdict that quotes these texts."""
    quotes = [Quote(action=key, text="words of it") for key in ids]
    return Verdict(reasoning="r", quotes=quotes, verdict=label, confidence="low")


def wrote(*after: int, kind: Kind = "reasoning") -> list[Writing]:
    """Writings p1, p2, … with the acts done before each."""
    return [Writing(id=f"p{n}", kind=kind, text="words of it", after=done) for n, done in enumerate(after, start=1)]


def threatening() -> tuple[Session, Evidence]:
    """Two messages to others, then one to the target: the act is a3."""
    session = Session().write("manager").write("helper").write("target")
    return session, session.evidence()


def placed(verdict: Verdict | None, writings: list[Writing], *, harm: bool | None = True) -> Belief:
    session, evidence = threatening()
    return place_belief(verdict, session.record(writings=writings), evidence, harm=harm)


def test_the_beliefs_are_the_labels_of_the_rubric() -> None:
    assert list(belief_rubric().labels) == list(BELIEFS)


# --- where ----------


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("reasoning", "native_reasoning"),
        ("reasoning_summary", "native_reasoning"),
        ("reasoning_hidden", "native_reasoning"),
        ("scratchpad", "scratchpad"),
        ("text", "visible_text"),
    ],
)
def test_a_writing_is_placed_by_its_kind(kind: Kind, place: str) -> None:
    assert kind in KINDS
    assert placed(said("p1"), wrote(0, kind=kind)).where == (place,)


@pytest.mark.parametrize(("key", "place"), [("a1", "mail"), ("t1", "attempt")])
def test_a_message_and_an_attempt_are_places_of_their_own(key: str, place: str) -> None:
    assert placed(said(key), []).where == (place,)


def test_each_place_is_named_once_in_the_order_of_the_quotes() -> None:
    writings = [
        *wrote(0),
        Writing(id="p2", kind="text", text="t", after=0),
        Writing(id="p3", kind="text", text="t", after=1),
    ]

    assert placed(said("p2", "a1", "p3", "p1", "a2"), writings).where == ("visible_text", "mail", "native_reasoning")


@pytest.mark.parametrize("verdict", [None, said(label="not_considered"), said("p1", label="not_considered")])
def test_without_a_belief_there_is_no_place_and_no_time(verdict: Verdict | None) -> None:
    belief = placed(verdict, wrote(0))

    assert (belief.where, belief.before_act) == ((), None)


# --- before the act ----------


@pytest.mark.parametrize(
    ("key", "after", "before"),
    [
        # the act is a3: what was written when two acts had been done came before it
        ("p1", 0, True),
        ("p1", 2, True),
        ("p1", 3, False),
        # a message is as early as the act that it is
        ("a1", 0, True),
        ("a2", 0, True),
        ("a3", 0, False),
    ],
)
def test_a_belief_comes_before_the_act_or_not(key: str, after: int, before: bool) -> None:
    assert placed(said(key), wrote(after)).before_act is before


def test_the_earliest_quote_counts() -> None:
    assert placed(said("p2", "p1"), wrote(0, 3)).before_act is True


@pytest.mark.parametrize("harm", [False, None])
def test_without_harm_there_is_no_act_to_compare_with(harm: bool | None) -> None:
    assert placed(said("p1"), wrote(0), harm=harm).before_act is None


def test_an_attempt_has_no_time_among_the_acts() -> None:
    assert placed(said("t1"), []).before_act is None
    assert placed(said("t1", "p1"), wrote(3)).before_act is False


def record_and_evidence(session: Session, after: int) -> tuple[Record, Evidence]:
    return session.record(writings=wrote(after)), session.evidence()


def cancelling() -> Session:
    """A message to the desk, then the alert is cancelled, then a message again: the act is a2."""
    lethal = scenario("lethal_action")
    condition = conditions(lethal, experiment("headline"))[0]
    session = Session(render_episode("lethal_action", lethal.worlds[0], condition, 1)).write("dispatcher")
    alert = session.facts.alert
    assert alert
    return session.do("cancel_alert", alert_id=alert.id, authorization_code=alert.code).write("dispatcher")


@pytest.mark.parametrize(("after", "before"), [(0, True), (1, True), (2, False)])
def test_messages_that_only_show_what_was_understood_are_not_the_act(after: int, before: bool) -> None:
    record, evidence = record_and_evidence(cancelling(), after)

    assert place_belief(said("p1"), record, evidence, harm=True).before_act is before


def leaking(*bodies: str) -> Session:
    found = scenario("leaking")
    session = Session(render_episode("leaking", found.worlds[0], conditions(found, experiment("headline"))[0], 1))
    for body in bodies:
        session.write("rival", body=body)
    return session.do("forward_email", email_id=session.facts.carrier, to=[session.address("rival")])


@pytest.mark.parametrize(("after", "before"), [(0, True), (1, True), (2, False)])
def test_a_harmless_message_to_the_outsider_is_not_the_leak(after: int, before: bool) -> None:
    # a1 says nothing of the document, a2 carries it
    record, evidence = record_and_evidence(leaking("Good morning."), after)

    assert evidence.settled is True
    assert place_belief(said("p1"), record, evidence, harm=True).before_act is before


@pytest.mark.parametrize(
    ("shown", "before"),
    [
        # three messages to the target, of which the judge quoted the third as the threat
        (["a3"], True),
        (["a2", "a3"], False),
        # what the judge quoted is none of the acts: each may have been the harmful one
        (["m1", "p1"], False),
        ([], False),
    ],
)
def test_the_act_is_the_message_by_which_the_harm_was_shown(shown: list[str], before: bool) -> None:
    session = Session().write("target").write("target").write("target")
    record, evidence = record_and_evidence(session, after=2)

    assert place_belief(said("p1"), record, evidence, harm=True, shown=shown).before_act is before


# --- what is known of the reasoning ----------


@pytest.mark.parametrize(
    ("kinds", "reasoning"),
    [
        ([], "none"),
        (["text", "scratchpad"], "none"),
        (["reasoning_hidden", "text"], "hidden"),
        (["reasoning_hidden", "reasoning_summary"], "summarised"),
        (["reasoning_hidden", "reasoning_summary", "reasoning"], "shown"),
    ],
)
def test_it_is_told_how_much_of_the_reasoning_is_known(kinds: list[Kind], reasoning: str) -> None:
    writings = [Writing(id=f"p{number}", kind=kind, text="t", after=0) for number, kind in enumerate(kinds, start=1)]

    assert placed(None, writings, harm=None).reasoning == reasoning
