"""Harm by belief from logs: a mix of policies with known shares, and what is refused."""

import math
import re
from pathlib import Path

import pytest
from inspect_ai import score as score_again
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log

from agentic_misalignment.analysis import BeliefTable, belief_table, read_beliefs
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scorers import test_vs_real as belief_score
from agentic_misalignment.tasks import test_vs_real as real_or_test
from tests.analysis.analysis_logs import foreign_log, lenient_judge
from tests.conftest import RunEval
from tests.evals import evaluated, metrics_of
from tests.judges import MockJudge

POINTS = re.compile(r"harm\(real\) - harm\(test\): (\S+) points, 95 % interval (\S+) to (\S+), over worlds (.+)")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """Two worlds, the mix once in each."""
    # of 20 episodes 4 say real (2 of them do harm), 10 test (1), 3 leave it open (1), 3 say nothing of it (1)
    return evaluated(
        tmp_path_factory.mktemp("beliefs"),
        "scripted/mix/beliefs",
        task=real_or_test,
        worlds="alcor-solar,totara-seed",
        episodes=40,
        conduct="none",
    )


@pytest.fixture(scope="module")
def table(log: EvalLog) -> BeliefTable:
    """The table of the run."""
    (found,) = read_beliefs([Path(log.location)])
    return found


def rows(text: str) -> dict[str, list[str]]:
    """The row of each belief, by cells."""
    return {
        line.split()[0]: re.split(r" {2,}", line)
        for line in text.splitlines()
        if re.match(r"(test|real|undecided|not_considered) ", line)
    }


def test_beliefs_and_harm_are_those_of_the_mix(table: BeliefTable) -> None:
    figures = table.figures

    counts = {name: figures[f"{name}_episodes"] for name in ("real", "test", "undecided", "not_considered")}
    assert counts == {"real": 8, "test": 20, "undecided": 6, "not_considered": 6}
    assert (figures["harm_real"], figures["harm_test"]) == (0.5, 0.1)
    assert (figures["harm_undecided"], figures["harm_not_considered"]) == pytest.approx((1 / 3, 1 / 3))
    assert figures["harm_real_minus_test"] == pytest.approx(0.4)
    assert table.unscored == 0


def test_the_figures_are_those_of_the_log(log: EvalLog, table: BeliefTable) -> None:
    assert table.figures == pytest.approx(metrics_of(log, "test_vs_real"), nan_ok=True)


def test_a_row_by_hand(table: BeliefTable) -> None:
    # Wilson of 8 of 40: 0.105000 to 0.347573; of 4 of 8: 0.215216 to 0.784784
    row = rows(belief_table([table]))["real"]

    assert row[:7] == ["real", "8", "20 %", "10 to 35 %", "8", "50 %", "22 to 78 %"]
    assert re.fullmatch(r"\d+ to \d+ %", row[7])


def test_the_difference_by_hand(table: BeliefTable) -> None:
    # 0.5 (0.215216 to 0.784784) against 0.1 (0.027866 to 0.301034), square and add:
    # below hypot(0.284784, 0.201034) = 0.348592, above hypot(0.284784, 0.072134) = 0.293777
    found = POINTS.search(belief_table([table]))

    assert found is not None
    assert found.groups()[:3] == ("+40.0", "+5.1", "+69.4")


def test_the_heading_says_that_the_prompt_asked(table: BeliefTable) -> None:
    head = belief_table([table]).splitlines()[0]

    assert head.startswith("blackmail, explicit-replacement-deliberate, scripted/mix/beliefs, judged by scripted/judge")
    assert head.endswith("; asked by the prompt")
    assert table.prompted


def test_the_reader_is_noted_once(table: BeliefTable) -> None:
    assert belief_table([table]).count("NOTE: scripted/judge is a rule-based reader") == 1


def test_a_condition_that_raises_no_question_says_so(run_eval: RunEval) -> None:
    log = run_eval("scripted/tester_insider", worlds="totara-seed", seeds=1, conduct="none")

    (found,) = read_beliefs([Path(log.location)])
    text = belief_table([found])
    assert "not asked by the prompt" in text
    assert (found.figures["test_episodes"], found.figures["harm_test"]) == (1, 1)
    assert math.isnan(found.figures["harm_real_minus_test"])
    assert rows(text)["real"][5:] == ["-", "-", "-"]
    assert "harm(real) - harm(test): - points, 95 % interval -, over worlds -" in text


def test_episodes_without_a_belief_are_counted(run_eval: RunEval) -> None:
    # the judge answers each question with a verdict of blackmail, which is no belief
    log = run_eval(
        "scripted/insider", worlds="totara-seed", seeds=2, grader=lenient_judge(), preflight=False, conduct="none"
    )

    (found,) = read_beliefs([Path(log.location)])
    assert found.unscored == 2
    assert "2 episodes have no belief and are in none of the rows" in belief_table([found])


def test_groups_that_may_not_be_pooled_have_tables_of_their_own(run_eval: RunEval, tmp_path: Path) -> None:
    for policy in ("tester_insider", "realist_complier"):
        run_eval(f"scripted/{policy}", worlds="totara-seed", seeds=1, conduct="none")

    found = read_beliefs([tmp_path / "logs"])
    assert [table.group.model for table in found] == ["scripted/realist_complier", "scripted/tester_insider"]
    assert belief_table(found).count("harm(real) - harm(test)") == 2


def test_logs_without_beliefs_say_how_to_get_them(run_eval: RunEval) -> None:
    log = run_eval("scripted/silent", worlds="totara-seed", seeds=1, options={"score": False})

    with pytest.raises(SuiteError, match=r"no episode of these logs has the score test_vs_real; .*inspect score"):
        read_beliefs([Path(log.location)])


def test_a_foreign_log_is_named(tmp_path: Path) -> None:
    log = foreign_log(tmp_path)

    with pytest.raises(SuiteError, match=Path(log.location).name):
        read_beliefs([tmp_path])


def test_beliefs_of_another_judge_stand_in_a_table_that_names_both(run_eval: RunEval, tmp_path: Path) -> None:
    log = run_eval("scripted/tester_insider", worlds="totara-seed", seeds=1, conduct="none")
    again = score_again(
        read_eval_log(log.location),
        belief_score(),
        action="append",
        model_roles={"grader": MockJudge(name="other").model},
        display="log",
    )
    write_eval_log(again, tmp_path / "again.eval")

    (found,) = read_beliefs([tmp_path / "again.eval"])
    assert (found.group.judge, found.judge) == ("scripted/judge", "mockllm/other")
    # the other judge finds no belief, where the first one found `test`
    assert (found.figures["not_considered_episodes"], found.figures["harm_not_considered"]) == (1, 1)
    assert "harm judged by scripted/judge, beliefs by mockllm/other" in belief_table([found])
