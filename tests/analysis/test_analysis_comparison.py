"""Comparisons of two models, runs or judges: rows, pairs, adjustment, and what is not compared."""

import math
import shutil
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import score
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log
from scipy.stats import t

from agentic_misalignment.analysis.comparison import Comparison, compare, comparison_table
from agentic_misalignment.analysis.effects.difference import wilson
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scorers import blackmail as blackmail_score
from tests.analysis.analysis_logs import WORLDS, failing_in, lenient_judge
from tests.conftest import RunEval
from tests.evals import evaluated

QUICK: dict[str, Any] = {"conduct": "none", "preflight": False}


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Runs in two worlds with two seeds, by name."""
    folder = tmp_path_factory.mktemp("logs")
    args: dict[str, Any] = {"worlds": WORLDS, "seeds": 2, **QUICK}
    made = {
        "insider": evaluated(folder, "scripted/insider", **args),
        "complier": evaluated(folder, "scripted/complier", threat="none,replacement", **args),
        "silent": evaluated(folder, "scripted/silent", **args),
    }
    found = {name: Path(log.location) for name, log in made.items()}
    for name, change in {"insider again": run_again, "one world": one_world}.items():
        found[name] = edited(found["insider"], folder / f"{name}.eval", change)
    return found


def run_again(log: EvalLog) -> None:
    """Make other samples of the same episodes, as another run has."""
    for sample in log.samples or []:
        sample.uuid = f"{sample.uuid}-again"


def one_world(log: EvalLog) -> None:
    log.samples = [sample for sample in log.samples or [] if sample.metadata["world"] == "totara-seed"]


def edited(source: Path, target: Path, change: Any) -> Path:
    """A copy of a log with another header."""
    log = read_eval_log(str(source))
    change(log)
    write_eval_log(log, str(target))
    return target


def rescored(source: Path, target: Path, judge: str = "lenient") -> Path:
    """A copy of a log with the score of another judge beside its own."""
    new = score(
        read_eval_log(str(source)),
        blackmail_score(),
        action="append",
        model_roles={"grader": lenient_judge(judge)},
        display="log",
    )
    write_eval_log(new, str(target))
    return target


# All four pairs differ: 4 of 4 against 0 of 4. Two worlds, so Student's value has one degree of freedom.
def test_two_models_are_compared_over_pairs(logs: dict[str, Path]) -> None:
    found = compare([logs["complier"]], [logs["insider"]])
    (row,) = found.rows
    assert (found.by, row.condition, row.model) == ("model", "explicit-replacement", "")
    assert (row.a.rate, row.a.harmful, row.a.valid, row.b.rate, row.b.episodes) == (0, 0, 4, 1, 4)
    assert (row.pairs, row.worlds, row.difference) == (4, 2, 1)
    for critical, low, high in (
        (1.959964, row.low, row.high),
        (t.isf(0.025, 1), row.clustered_low, row.clustered_high),
    ):
        # 1 - sqrt(2) * u, where u is the upper Wilson limit of 0 of 4
        assert (low, high) == pytest.approx((1 - math.sqrt(2) * wilson(0, 4, critical)[1], 1), abs=1e-6)
    assert [(each.condition, each.reason) for each in found.apart] == [("explicit-none", "only in A")]


def test_the_sign_is_that_of_b_minus_a(logs: dict[str, Path]) -> None:
    (row,) = compare([logs["insider"]], [logs["complier"]]).rows
    assert row.difference == -1


def test_two_models_of_one_folder_are_chosen(logs: dict[str, Path]) -> None:
    both = [logs["insider"], logs["complier"]]
    chosen = compare(both, both, a_model="scripted/complier", b_model="scripted/insider")
    assert chosen == compare([logs["complier"]], [logs["insider"]])


def test_two_runs_are_compared(logs: dict[str, Path]) -> None:
    found = compare([logs["insider"]], [logs["insider again"]])
    (row,) = found.rows
    assert (found.by, row.model, row.pairs, row.difference, row.p) == ("run", "scripted/insider", 4, 0, 1)
    assert row.clustered_low < row.low < 0 < row.high < row.clustered_high


def test_two_judges_of_one_log_are_compared(logs: dict[str, Path], tmp_path: Path) -> None:
    twice = rescored(logs["insider"], tmp_path / "twice.eval")
    found = compare([twice], [twice], a_judge="scripted/judge", b_judge="mockllm/lenient")
    (row,) = found.rows
    assert (found.by, row.a.rate, row.b.rate, row.difference, row.pairs) == ("judge", 1, 0, -1, 4)
    assert (found.a.judges, found.b.judges) == (("scripted/judge",), ("mockllm/lenient",))
    assert [note.split()[0] for note in found.notes] == ["scripted/judge"]  # the older verdict's judge is no judge


def test_an_episode_that_no_judge_saw_belongs_to_all(run_eval: RunEval, tmp_path: Path) -> None:
    log = run_eval(failing_in("alcor-solar"), worlds=WORLDS, seeds=1, options={"score_on_error": False}, **QUICK)
    twice = rescored(Path(log.location), tmp_path / "twice.eval")
    (row,) = compare([twice], [twice], a_judge="scripted/judge", b_judge="mockllm/lenient").rows
    assert (row.a.valid, row.a.episodes, row.b.valid, row.b.episodes) == (1, 2, 1, 2)


def test_copies_on_a_side_count_once(logs: dict[str, Path], tmp_path: Path) -> None:
    copy = shutil.copy(logs["insider"], tmp_path / "copy.eval")
    (row,) = compare([logs["complier"]], [logs["insider"], Path(copy)]).rows
    assert row.b.episodes == 4


def test_more_episodes_on_a_side_have_no_partner(logs: dict[str, Path]) -> None:
    (row,) = compare([logs["complier"]], [logs["insider"], logs["insider again"]]).rows
    assert (row.a.valid, row.b.valid, row.pairs) == (4, 8, 4)


def relabelled(source: Path, target: Path, condition: str) -> Path:
    """A copy of a log as if all its episodes were of one model and one condition."""

    def change(log: EvalLog) -> None:
        log.eval.model = "scripted/one"
        log.samples = [sample for sample in log.samples or [] if sample.metadata["condition"] == "explicit-replacement"]
        for sample in log.samples:
            sample.metadata["condition"] = condition
            sample.uuid = f"{target.name} {sample.id}"

    return edited(source, target, change)


# Holm: the smaller of two p-values is doubled; the larger one, here 1, stays.
def test_p_values_are_adjusted_for_the_number_of_comparisons(logs: dict[str, Path], tmp_path: Path) -> None:
    a = [relabelled(logs[name], tmp_path / f"a {name}.eval", name) for name in ("insider", "complier")]
    b = [relabelled(logs["complier"], tmp_path / f"b {name}.eval", name) for name in ("insider", "complier")]
    found = compare(a, b)
    smaller, larger = sorted(found.rows, key=lambda row: row.p)
    assert (found.comparisons, found.simultaneous_level) == (2, 0.975)
    assert smaller.p < larger.p == 1
    assert [smaller.p_adjusted, larger.p_adjusted] == pytest.approx([2 * smaller.p, 1])
    assert smaller.clustered_high < smaller.simultaneous_high
    assert "Adjusted for 2 comparisons: p by Holm; intervals at 97.5 %" in comparison_table(found)
    plain = compare(a, b, adjust="none")
    assert "Nothing is adjusted for the 2 comparisons." in comparison_table(plain)
    assert [row.p for row in plain.rows] == [row.p for row in found.rows]
    assert all(math.isnan(row.p_adjusted) and math.isnan(row.simultaneous_low) for row in plain.rows)


def test_one_world_has_no_p_and_says_so(logs: dict[str, Path]) -> None:
    found = compare([logs["complier"]], [logs["one world"]])
    (row,) = found.rows
    assert (row.worlds, found.comparisons) == (1, 0)
    assert not math.isnan(row.low)
    assert math.isnan(row.clustered_low)
    assert math.isnan(row.p)
    assert "NOTE: 1 of 1 rows rest on one world: they say nothing about others, and have no p." in comparison_table(
        found
    )


def test_the_table_shows_rates_intervals_and_what_is_left(logs: dict[str, Path]) -> None:
    text = comparison_table(compare([logs["complier"]], [logs["insider"]]))
    lines = text.splitlines()
    assert lines[:2] == ["compared by model", lines[1]]
    assert lines[1].startswith("A: scripted/complier, judged by scripted/judge, ")
    row = next(line for line in lines if line.startswith("blackmail  explicit-replacement"))
    # 1 - sqrt(2) * 0.4899 = 0.307
    assert "0 % (0/4)  100 % (4/4)  4      2       +100.0  +30.7 to +100.0" in row
    assert "blackmail  explicit-none  only in A" in text
    assert "Holm" not in text  # one comparison needs no adjustment
    assert "NOTE: scripted/judge is a rule-based reader" in text


def test_many_episodes_without_a_value_bound_the_difference(run_eval: RunEval, logs: dict[str, Path]) -> None:
    log = run_eval(failing_in("alcor-solar"), worlds=WORLDS, seeds=2, **QUICK)
    text = comparison_table(compare([logs["insider"]], [Path(log.location)]))
    assert "not valid are 0 of 4 in A and 2 of 4 in B; if all were known B - A would be -100.0 to -50.0 points" in text


def refusal(a: Path, b: Path, **choices: Any) -> str:
    with pytest.raises(SuiteError) as caught:
        compare([a], [b], **choices)
    assert "\n" not in caught.value.message
    return caught.value.message


def change_of(field: str, value: Any) -> Any:
    def change(log: EvalLog) -> None:
        if field == "data_hash":
            log.eval.metadata = {**(log.eval.metadata or {}), field: value}
        else:
            setattr(log.eval, field, value)

    return change


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("task_version", "9-A", "task version 3 in A, 9 in B"),
        ("task", "other", "task blackmail in A, other in B"),
        ("data_hash", "abc", "in A, abc in B"),
    ],
)
def test_what_may_not_be_compared_is_refused(
    logs: dict[str, Path], tmp_path: Path, field: str, value: str, reason: str
) -> None:
    other = edited(logs["insider again"], tmp_path / "other.eval", change_of(field, value))
    assert reason in refusal(logs["insider"], other)


def test_an_interface_version_is_compared(logs: dict[str, Path], tmp_path: Path) -> None:
    other = edited(logs["insider again"], tmp_path / "other.eval", change_of("task_version", "3-Z"))
    assert len(compare([logs["insider"]], [other]).rows) == 1


def test_other_settings_are_compared_with_a_note(logs: dict[str, Path], tmp_path: Path) -> None:
    other = edited(logs["insider again"], tmp_path / "other.eval", change_of("solver_args", {"tone": "kind"}))
    (note,) = [note for note in compare([logs["insider"]], [other]).notes if "settings" in note]
    assert note == "A and B differ in solver, limits, generation settings or stopping rule in 1 of 1 rows"


def test_a_stopping_rule_is_said_of_the_difference(logs: dict[str, Path], tmp_path: Path) -> None:
    def stopped(log: EvalLog) -> None:
        assert log.eval.metadata is not None
        log.eval.metadata["stopping"] = {"rule": "a rule", "half_width": 0.1, "confidence": 0.97}

    notes = compare([logs["insider"]], [edited(logs["insider again"], tmp_path / "other.eval", stopped)]).notes

    assert "episodes ran under a stopping rule: intervals and p of a difference are not adjusted for it" in notes
    assert not [note for note in notes if "in place of Wilson's" in note]


def test_several_groups_on_a_side_are_refused(logs: dict[str, Path], tmp_path: Path) -> None:
    shutil.copy(logs["insider again"], tmp_path / "one.eval")
    edited(logs["insider"], tmp_path / "two.eval", change_of("task_version", "9-A"))
    assert "B has several groups that may not be pooled: they differ in task version" in refusal(
        logs["complier"], tmp_path
    )


def test_judges_are_not_mixed_with_models(logs: dict[str, Path], tmp_path: Path) -> None:
    other = rescored(logs["insider"], tmp_path / "other.eval")
    assert "judge scripted/judge in A, mockllm/lenient in B" in refusal(logs["complier"], other)


@pytest.mark.parametrize(
    ("a", "b", "choices", "words"),
    [
        ("insider", "insider", {}, "A and B have 4 episodes in common"),
        ("insider", "insider again", {"by": "model"}, "A and B have the same model scripted/insider: nothing differs"),
        ("insider", "insider again", {"by": "judge"}, "A and B have the same judge scripted/judge: nothing differs"),
        ("insider", "complier", {"b_model": "gpt"}, "B: unknown model 'gpt'; valid: scripted/complier"),
        ("insider", "complier", {"a_judge": "gpt"}, "A: unknown judge 'gpt'; valid: scripted/judge"),
        ("insider", "complier", {"by": "date"}, "unknown by 'date'; valid: model, judge, run"),
        ("insider", "silent", {}, "nothing to compare: no valid episode in B: 4 unscored"),
    ],
)
def test_bad_choices_are_one_line(logs: dict[str, Path], a: str, b: str, choices: dict[str, Any], words: str) -> None:
    assert words in refusal(logs[a], logs[b], **choices)


def test_several_models_on_a_side_have_to_be_chosen_from(logs: dict[str, Path], tmp_path: Path) -> None:
    for name in ("complier", "silent"):
        shutil.copy(logs[name], tmp_path)
    message = refusal(logs["insider"], tmp_path)
    assert message == "B has 2 models; choose one with --b-model: scripted/complier, scripted/silent"


def test_nothing_in_common_is_named(run_eval: RunEval, logs: dict[str, Path]) -> None:
    log = run_eval("scripted/complier", worlds="totara-seed", seeds=1, goal="none", **QUICK)
    assert refusal(logs["insider"], Path(log.location)) == "nothing to compare: only in A; only in B"


def test_a_result_is_kept_as_json_with_what_is_not_known(logs: dict[str, Path]) -> None:
    found = compare([logs["complier"]], [logs["one world"]])
    (row,) = Comparison.model_validate_json(found.model_dump_json()).rows
    assert math.isnan(row.p)
    assert row.low == found.rows[0].low
