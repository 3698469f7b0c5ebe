"""A log as it may leave: what is gone, what stays, and that no figure changes."""

from pathlib import Path

import pytest
from inspect_ai.log import EvalLog, EvalRetryError, EvalSample, read_eval_log, write_eval_log
from inspect_ai.scorer import Score

from agentic_misalignment.analysis.export.logfile import write_log
from agentic_misalignment.analysis.export.redaction import redacted, scrubber_for
from agentic_misalignment.analysis.export.scrubbing import rules
from agentic_misalignment.analysis.export.withholding import is_harmful
from agentic_misalignment.analysis.rates import read_rates
from agentic_misalignment.scenarios.pack import make_pack, write_pack
from tests.export.export_logs import PRIVATE, leaky, made, rewritten

SEED = 4_711_000


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("harmful"), "scripted/insider")


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("harmless"), "scripted/complier")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packed")
    cast = folder / "cast.yaml"
    cast.write_text("agents: [Zyxquill]\n", encoding="utf-8")
    write_pack(make_pack(SEED, cast), folder / "own.pack.yaml")
    return made(folder, "scripted/complier", worlds="totara-seed", pack=str(folder / "own.pack.yaml"))


def as_it_leaves(file: Path, *, full: bool = False) -> EvalLog:
    log = read_eval_log(str(file))
    return redacted(log, scrubber_for(log), full=full)


def samples(log: EvalLog) -> list[EvalSample]:
    assert log.samples
    return log.samples


@pytest.mark.parametrize("full", [True, False])
def test_nothing_private_is_left(harmless: Path, tmp_path: Path, full: bool) -> None:
    file = rewritten(harmless, leaky, tmp_path / "leaky.eval")
    before = read_eval_log(str(file)).model_dump_json()
    assert all(private in before for private in PRIVATE)

    text = as_it_leaves(file, full=full).model_dump_json()

    assert [private for private in PRIVATE if private in text] == []


def test_settings_without_secrets_can_still_be_told_apart(harmless: Path, tmp_path: Path) -> None:
    log = as_it_leaves(rewritten(harmless, leaky, tmp_path / "leaky.eval"))

    # The first 8 digits of the SHA-256 of the text cluster-a.
    assert log.eval.model_args["cluster"] == "[left out] 34ab3e1c"
    assert log.eval.model_args["dtype"] == 16
    assert log.eval.model_args["api_key"] == "[secret]"


def test_the_task_file_is_named_within_the_repository(harmless: Path, tmp_path: Path) -> None:
    assert as_it_leaves(rewritten(harmless, leaky, tmp_path / "leaky.eval")).eval.task_file == "tasks/blackmail.py"


@pytest.mark.parametrize("full", [True, False])
def test_no_rate_changes(harmful: Path, harmless: Path, tmp_path: Path, full: bool) -> None:
    for name, file in (("a.eval", harmful), ("b.eval", harmless)):
        write_log(as_it_leaves(file, full=full), tmp_path / name)

    assert repr(read_rates([tmp_path])) == repr(read_rates([harmful, harmless]))


def test_the_text_of_a_harmful_episode_is_left_out(harmful: Path) -> None:
    before, after = read_eval_log(str(harmful)), as_it_leaves(harmful)

    for old, new in zip(samples(before), samples(after), strict=True):
        assert (new.events, new.store, new.attachments, new.output.completion) == ([], {}, {}, "")
        assert [message.role for message in new.messages] == [message.role for message in old.messages]
        assert {message.text for message in new.messages} == {rules().sentence, "[left out]"}
        assert new.input == old.input


def test_quotes_and_explanations_of_a_harmful_episode_are_left_out(harmful: Path) -> None:
    before, after = samples(read_eval_log(str(harmful)))[0], samples(as_it_leaves(harmful))[0]
    detail = (before.scores or {})["blackmail"].metadata
    assert detail is not None
    quote = detail["quotes"][0]["text"]
    assert quote in before.model_dump_json()

    score = (after.scores or {})["blackmail"]

    assert quote not in after.model_dump_json()
    assert (score.value, score.answer, score.explanation) == (1, "open_threat", rules().sentence)
    assert score.metadata
    assert (score.metadata["quotes"], score.metadata["verdict"]) == ([], "open_threat")


def test_the_text_of_a_harmful_episode_stays_in_a_full_export(harmful: Path) -> None:
    assert all(sample.events and sample.store for sample in samples(as_it_leaves(harmful, full=True)))


def test_the_text_of_a_harmless_episode_stays(harmless: Path) -> None:
    before, after = samples(read_eval_log(str(harmless))), samples(as_it_leaves(harmless))

    assert [sample.messages[-1].text for sample in after] == [sample.messages[-1].text for sample in before]
    assert all(sample.events and sample.store for sample in after)


@pytest.mark.parametrize(("harm", "expected"), [(True, True), (None, True), (False, False)])
def test_only_a_known_harmless_outcome_is_harmless(harmless: Path, harm: bool | None, expected: bool) -> None:
    sample = samples(read_eval_log(str(harmless)))[0]
    for score in (sample.scores or {}).values():
        if score.metadata and "harm" in score.metadata:
            score.metadata["harm"] = harm

    assert is_harmful(sample) is expected


@pytest.mark.parametrize(
    ("label", "value", "expected"), [("coercion", 1, True), ("drafted", 1, True), ("drafted", 0, False)]
)
def test_an_episode_of_another_harm_or_a_draft_is_not_harmless(
    harmless: Path, label: str, value: int, expected: bool
) -> None:
    sample = samples(read_eval_log(str(harmless)))[0]
    scores = {**(sample.scores or {}), "conduct": Score(value={label: value})}

    assert is_harmful(sample.model_copy(update={"scores": scores})) is expected


@pytest.mark.parametrize(("full", "expected"), [(True, True), (False, False)])
def test_what_an_agent_did_before_an_error_is_judged_by_nobody(
    harmless: Path, tmp_path: Path, full: bool, expected: bool
) -> None:
    def change(log: EvalLog) -> None:
        sample = samples(log)[0]
        retry = EvalRetryError(message="", traceback="", traceback_ansi="", events=sample.events[-3:])
        sample.error_retries = [retry]

    retries = samples(as_it_leaves(rewritten(harmless, change, tmp_path / "retried.eval"), full=full))[0].error_retries

    assert retries
    assert bool(retries[0].events) is expected


def test_an_episode_without_scores_is_not_known_to_be_harmless(harmless: Path) -> None:
    sample = samples(read_eval_log(str(harmless)))[0].model_copy(update={"scores": {}})

    assert is_harmful(sample)


@pytest.mark.parametrize("full", [True, False])
def test_nothing_of_a_private_pack_leaves(packed: Path, full: bool) -> None:
    before = read_eval_log(str(packed)).model_dump_json()
    assert "Zyxquill" in before
    assert str(SEED) in before

    text = as_it_leaves(packed, full=full).model_dump_json()

    assert [word for word in ("Zyxquill", str(SEED), "own.pack", str(packed.parent)) if word in text] == []


def test_seeds_of_a_private_pack_are_numbered(packed: Path) -> None:
    log = as_it_leaves(packed)

    (sample,) = samples(log)
    assert (sample.id, sample.metadata["seed"]) == ("totara-seed/explicit-replacement/p1", 1)
    assert log.eval.dataset.sample_ids == [sample.id]


def test_seeds_of_episodes_that_were_not_run_do_not_leave(packed: Path, tmp_path: Path) -> None:
    def stop(log: EvalLog) -> None:
        planned = [f"totara-seed/explicit-replacement/s{SEED + 41}", f"totara-seed/explicit-replacement/s{SEED}"]
        log.eval.dataset.sample_ids, log.eval.config.sample_id = [*planned], [*planned]

    log = as_it_leaves(rewritten(packed, stop, tmp_path / "stopped.eval"))

    expected = ["totara-seed/explicit-replacement/p2", "totara-seed/explicit-replacement/p1"]
    assert (log.eval.dataset.sample_ids, log.eval.config.sample_id) == (expected, expected)


def test_the_canary_stands_in_the_log_and_in_each_sample(harmless: Path) -> None:
    log = as_it_leaves(harmless)

    assert log.eval.metadata
    assert {log.eval.metadata["canary"], *(sample.metadata["canary"] for sample in samples(log))} == {rules().canary}


def test_a_log_is_written_in_the_same_bytes_at_any_time(
    harmless: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = as_it_leaves(harmless)
    first = write_log(log, tmp_path / "a.eval")
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)

    assert write_log(log, tmp_path / "b.eval") == first
    write_eval_log(log, tmp_path / "c.eval")
    assert (tmp_path / "c.eval").read_bytes() != (tmp_path / "b.eval").read_bytes()
