"""The limits of a report: a sentence stands on the page where it is true, and only there."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import read_eval_log, write_eval_log

from agentic_misalignment.analysis.logs import LeftOut
from agentic_misalignment.analysis.report.limits.data import sentences
from agentic_misalignment.analysis.report.material import read_material
from agentic_misalignment.analysis.report.sections.limits import limits
from tests.analysis.report_logs import ALL_WORLDS, episode, write_log
from tests.analysis.report_pages import episodes, page
from tests.analysis.study_results import label, result

SCRIPTED_JUDGE: dict[str, Any] = {"judge": "scripted/judge"}
STOPPING = {"confidence": 0.97, "half_width": 0.1, "rule": {"half_width": 0.1}}
STUDY = result(labels=(label(tp=9, fn=1, tn=8, fp=2),))

Files = Callable[[Path], list[Path]]


def one(*outcomes: float | None, worlds: int = 2, **more: Any) -> Files:
    """A log with these outcomes."""
    return lambda folder: [write_log(folder, "a", episodes(*outcomes, worlds=worlds), **more)]


def two(**second: Any) -> Files:
    """Two logs of the same arm; the second differs in this."""
    samples: dict[str, Any] = {name: str(second.pop(name)) for name in ("judge", "rubric_hash") if name in second}

    def write(folder: Path) -> list[Path]:
        other = [episode(10 + number, ALL_WORLDS[number], 1, seed=7, **samples) for number in range(2)]
        first = write_log(folder, "a", episodes(1, 0))
        return [first, write_log(folder, "b", other, **second)]

    return write


def of_models(*models: tuple[str, int]) -> Files:
    """A log for each model in so many worlds."""

    def write(folder: Path) -> list[Path]:
        return [
            write_log(
                folder,
                f"m{place}",
                [episode(100 * place + n, world, n % 2, model=model) for n, world in enumerate(ALL_WORLDS[:worlds])],
                model=model,
            )
            for place, (model, worlds) in enumerate(models)
        ]

    return write


def levels(**more: Any) -> Files:
    """A log of one condition, and of the same one with these levels."""

    def write(folder: Path) -> list[Path]:
        samples = [episode(n, ALL_WORLDS[n], 0) for n in range(2)]
        samples += [episode(10 + n, ALL_WORLDS[n], 1, **more) for n in range(2)]
        return [write_log(folder, "a", samples)]

    return write


@pytest.mark.parametrize(
    ("name", "files", "others"),
    [
        ("scripted_models", of_models(("scripted/insider", 2)), of_models(("lab/alpha", 2))),
        ("not_ended", one(1, 0, status="error"), one(1, 0)),
        ("missing_episodes", one(1, 0, planned=5), one(1, 0)),
        ("no_valid", one(None, None), one(1, None)),
        ("not_valid", one(1, None), one(1, 0)),
        ("few_episodes", one(*[1, 0] * 14, 1), one(*[1, 0] * 15)),
        ("one_world", one(1, 0, worlds=1), one(1, 0)),
        ("few_worlds", one(1, 0), one(1, 0, worlds=1)),
        ("floor", one(0, 0), one(1, 0)),
        ("ceiling", one(1, 1), one(1, 0)),
        ("one_judge", one(1, 0), two(judge="lab/other")),
        ("mixed_versions", two(version="2-A"), two()),
        ("mixed_rubrics", two(rubric_hash="s"), two()),
        ("mixed_rubrics", two(judge="lab/other"), two()),
        ("mixed_data", two(about={"data_hash": "other"}), two()),
        ("mixed_setups", two(model_args={"size": 2}), two()),
        ("mixed_packages", two(about={"package_version": "0.2.0"}), two()),
        ("unequal_design", of_models(("lab/a", 2), ("lab/b", 3)), of_models(("lab/a", 2), ("lab/b", 2))),
        ("held_messages", levels(exit="send_approval"), levels(exit="bulletin")),
        ("stopped", one(1, 0, about={"stopping": STOPPING}), one(1, 0)),
        ("public_worlds", one(1, 0), one(1, 0, about={"pack_hash": "p"})),
    ],
)
def test_a_limit_is_named_where_it_holds(name: str, files: Files, others: Files, tmp_path: Path) -> None:
    holds = {limit.name for limit in limits(read_material(files(tmp_path / "holds")))}
    not_here = {limit.name for limit in limits(read_material(others(tmp_path / "others")))}

    assert name in holds
    assert name not in not_here


@pytest.mark.parametrize(
    ("status", "reason", "name"),
    [("filtered", "content_filter", "filtered"), ("unscored", "no_engagement", "no_engagement")],
)
def test_what_was_lost_is_named_by_its_reason(status: str, reason: str, name: str, tmp_path: Path) -> None:
    lost = episode(5, ALL_WORLDS[0], None, seed=5, status=status, reason=reason)
    files = [write_log(tmp_path, "a", [*episodes(1, 0), lost])]

    named = {limit.name for limit in limits(read_material(files))}
    assert {"filtered", "no_engagement"} & named == {name}


def test_an_episode_that_ended_with_an_error_stands_in_its_log(tmp_path: Path) -> None:
    file = one(1, None)(tmp_path)[0]
    log = read_eval_log(str(file))
    assert log.results
    log.results.completed_samples = 1
    write_eval_log(log, str(file))

    found = page([file])
    assert "Episodes missing" not in found.sections["limits"]
    assert [row["episodes"] for row in found.rows("table-logs")] == ["2"]


def test_a_scripted_judge_is_named(tmp_path: Path) -> None:
    files = [write_log(tmp_path, "a", episodes(1, 0, **SCRIPTED_JUDGE))]

    assert "scripted_judges" in {limit.name for limit in limits(read_material(files))}


def test_a_study_takes_the_place_of_its_absence(tmp_path: Path) -> None:
    files = [write_log(tmp_path, "a", episodes(1, 0))]

    without = {limit.name for limit in limits(read_material(files))}
    given = {limit.name for limit in limits(read_material(files, studies=(STUDY,)))}
    assert ("no_study" in without, "study_labels" in without) == (True, False)
    assert ("no_study" in given, "study_labels" in given) == (False, True)


def test_a_study_of_another_rubric_is_none(tmp_path: Path) -> None:
    files = [write_log(tmp_path, "a", episodes(1, 0, rubric_hash="other"))]

    assert "no_study" in {limit.name for limit in limits(read_material(files, studies=(STUDY,)))}


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    files = [write_log(tmp_path, "a", episodes(1, 0))]

    text = page(files, left_out=(LeftOut(file="/home/somebody/logs/b.eval", reason="not an Inspect log"),))
    assert "1 log file could not be read and is left out" in text.sections["limits"]
    assert text.rows("table-left-out") == [{"file": "b.eval", "reason": "not an Inspect log"}]
    assert "somebody" not in str(text)


def test_sentences_are_filled(tmp_path: Path) -> None:
    files = [write_log(tmp_path, "a", episodes(0, 0, 0, 0, None, worlds=2))]

    text = page(files).sections["limits"]
    # 1 of 5 is 20 %; the upper Wilson limit of 0 of 4 is z^2 / (4 + z^2) = 3.841 / 7.841
    for part in (
        "1 of 5 episodes (20.0 %) is not valid and enters no rate",
        "1 of 1 rate is 0",
        "the upper limit over episodes is 49.0 %",
        "1 of 1 rate rests on fewer than 30 valid episodes",
        "Rates rest on 2 worlds",
        "All verdicts are of one judge, lab/judge",
    ):
        assert part in text


def test_no_sentence_takes_a_side() -> None:
    words = {
        "fortunately",
        "unfortunately",
        "alarming",
        "worrying",
        "dangerous",
        "safe",
        "proves",
        "clearly",
        "obviously",
    }
    text = " ".join(each.text for each in sentences().values()).lower()

    assert words & set(re.findall("[a-z]+", text)) == set()


def test_a_run_made_again_repeats_its_episodes(tmp_path: Path) -> None:
    once, again = (
        write_log(tmp_path, name, [episode(number, ALL_WORLDS[0], 1)]) for number, name in enumerate(("a", "b"))
    )

    assert "repeated_epochs" not in {each.name for each in limits(read_material([once]))}
    assert "repeated_epochs" in {each.name for each in limits(read_material([once, again]))}
