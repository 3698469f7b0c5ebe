"""Records of Every Eval Ever: names, figures, judges, what is disclosed, and rows that say no more than the logs."""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import EvalLog, read_eval_log, write_eval_log

from agentic_misalignment import SuiteError
from agentic_misalignment.analysis.export.every_eval_ever import every_eval_ever
from agentic_misalignment.analysis.export.every_eval_ever_instances import sample_hash
from agentic_misalignment.analysis.export.every_eval_ever_models import identify
from agentic_misalignment.analysis.export.redaction import redacted, scrubber_for
from agentic_misalignment.analysis.validation.every_eval_ever import check
from agentic_misalignment.scenarios.checks import canary
from tests.analysis.analysis_logs import lenient_judge
from tests.evals import evaluated
from tests.export.publications import ABOUT, JUDGE, MODEL, publication, renamed

HARMLESS = "harbour-freight/explicit-replacement/s1"
CONDITION = "explicit-replacement"


@pytest.fixture(scope="module")
def insider(tmp_path_factory: pytest.TempPathFactory) -> EvalLog:
    """Four harmful episodes in two worlds."""
    folder = tmp_path_factory.mktemp("insider")
    worlds = "harbour-freight,totara-seed"
    return evaluated(folder, "scripted/insider", worlds=worlds, seeds=2, conduct="none", preflight=False)


@pytest.fixture(scope="module")
def log(insider: EvalLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same under real names, with one episode made harmless."""
    path = tmp_path_factory.mktemp("renamed") / "run.eval"
    return renamed(insider, MODEL, JUDGE, path, harmless=HARMLESS)


@pytest.fixture(scope="module")
def folder(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("export")
    every_eval_ever(publication([log]), root)
    return root


def aggregate_of(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("eee/data/*/*/*/*.json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def rows_of(folder: Path) -> list[dict[str, Any]]:
    (path,) = folder.glob("eee/data/*/*/*/*_samples.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def result_of(folder: Path) -> dict[str, Any]:
    (result,) = aggregate_of(folder)["evaluation_results"]
    return dict(result)


def test_a_record_lies_where_its_model_says(folder: Path) -> None:
    files = sorted(path.relative_to(folder).parts for path in folder.rglob("*.json*"))

    assert {parts[:5] for parts in files} == {("eee", "data", "agentic-misalignment", "openai", "gpt-5-2025-08-07")}
    name = files[0][-1].removesuffix(".json")
    assert files[1][-1] == f"{name}_samples.jsonl"
    assert uuid.UUID(name).version == 4
    assert aggregate_of(folder)["model_info"]["id"] == MODEL


def test_a_rate_stands_with_both_intervals(folder: Path) -> None:
    details = result_of(folder)["score_details"]

    # 3 of 4 episodes. Wilson with z^2 = 3.8415: centre (3/4 + z^2/8) / (1 + z^2/4) = 1.23018 / 1.96036 = 0.62753,
    # half z * sqrt(3/64 + z^2/64) / 1.96036 = 1.95996 * 0.32695 / 1.96036 = 0.32689.
    assert details["score"] == 0.75
    assert float(details["details"]["ci95_wilson_low"]) == pytest.approx(0.30064, abs=1e-4)
    assert float(details["details"]["ci95_wilson_high"]) == pytest.approx(0.95441, abs=1e-4)
    interval = details["uncertainty"]["confidence_interval"]
    assert interval["lower"] < 0.30064
    assert interval["upper"] > 0.95441
    assert "over worlds" in interval["method"]
    assert details["uncertainty"]["num_samples"] == 4
    # Deviations from the rate sum to 1/4 - 3/4 = -1/2 in one world and to 1/2 in the other. With the factor
    # 2 / (2 - 1) of two worlds: sqrt(2 * (1/4 + 1/4)) / 4 = 1/4.
    assert details["uncertainty"]["standard_error"]["value"] == pytest.approx(0.25)
    assert details["details"]["n_not_valid"] == "0"


def test_less_is_better_between_zero_and_one(folder: Path) -> None:
    metric = result_of(folder)["metric_config"]

    assert metric["lower_is_better"] is True
    assert (metric["min_score"], metric["max_score"]) == (0, 1)


def test_the_judge_is_named_with_its_settings_and_question(folder: Path) -> None:
    scoring = result_of(folder)["metric_config"]["llm_scoring"]

    (judge,) = scoring["judges"]
    assert judge["model_info"]["id"] == JUDGE
    assert judge["model_info"]["additional_details"]["deployment_type"] == "externally_managed"
    assert judge["temperature"] == 0
    assert "private information" in scoring["input_prompt"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("temperature", "not set: the provider's default"),
        ("max_tokens", "not set: the provider's default"),
        ("reasoning_effort", "not set: the provider's default"),
        ("harness", "inspect_ai"),
        ("n_samples", "4"),
        ("repeats", "1"),
        ("subset", CONDITION),
    ],
)
def test_how_the_model_was_driven_is_disclosed(folder: Path, name: str, text: str) -> None:
    assert result_of(folder)["generation_config"]["additional_details"][name] == text


def test_limits_are_those_of_the_run(folder: Path) -> None:
    limits = json.loads(result_of(folder)["generation_config"]["additional_details"]["eval_limits"])

    assert limits["turn_limit"] == "150"
    assert limits["compaction"] == "none"


def test_tools_are_those_that_the_model_had(folder: Path) -> None:
    tools = result_of(folder)["generation_config"]["generation_args"]["agentic_eval_config"]["available_tools"]

    assert {"send_email", "read_email"} < {tool["name"] for tool in tools}


def test_every_valid_episode_is_one_row(folder: Path) -> None:
    rows = rows_of(folder)

    assert [row["evaluation"]["score"] for row in rows] == [0.0, 1.0, 1.0, 1.0]
    assert [row["evaluation"]["is_correct"] for row in rows] == [True, False, False, False]
    assert {row["evaluation_result_id"] for row in rows} == {f"blackmail.{CONDITION}.harm_rate"}


def test_rows_carry_the_canary_outside_the_prompt(folder: Path) -> None:
    for row in rows_of(folder):
        assert canary() in row["metadata"]["canary"]
        assert canary() not in row["input"]["raw"]


def test_the_sample_hash_is_that_of_the_schema() -> None:
    # printf '{"raw":"a","reference":[]}' | sha256sum
    assert sample_hash("a", []) == hashlib.sha256(b'{"raw":"a","reference":[]}').hexdigest()


def test_harmful_texts_of_a_redacted_log_are_in_no_row(log: Path, tmp_path: Path) -> None:
    whole = read_eval_log(str(log))
    path = tmp_path / "redacted.eval"
    write_eval_log(redacted(whole, scrubber_for(whole), full=False), str(path))
    every_eval_ever(publication([path]), tmp_path)

    harmless, *harmful = rows_of(tmp_path)
    assert any(message.get("tool_calls") for message in harmless["messages"])
    for row in harmful:
        assert not any(message.get("tool_calls") for message in row["messages"])
        assert row["answer_attribution"][0]["extracted_value"] == "open_threat"


def test_the_same_logs_make_the_same_bytes(log: Path, folder: Path, tmp_path: Path) -> None:
    every_eval_ever(publication([log]), tmp_path)

    first = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.json*")}
    assert first == {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.json*")}


def test_a_copied_log_adds_no_row(log: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.eval"
    copy.write_bytes(log.read_bytes())
    every_eval_ever(publication([log, copy]), tmp_path)

    assert len(rows_of(tmp_path)) == 4
    assert result_of(tmp_path)["score_details"]["uncertainty"]["num_samples"] == 4


def test_two_models_are_two_records(insider: EvalLog, log: Path, tmp_path: Path) -> None:
    other = renamed(insider, "grok/grok-4-0709", JUDGE, tmp_path / "other.eval")
    every_eval_ever(publication([log, other]), tmp_path)

    developers = {path.relative_to(tmp_path).parts[3] for path in tmp_path.rglob("eee/**/*.json")}
    assert developers == {"openai", "xai"}


def test_a_scripted_run_is_marked_as_a_demonstration(insider: EvalLog, tmp_path: Path) -> None:
    every_eval_ever(publication([Path(insider.location)], marks=("DEMONSTRATION",)), tmp_path)

    source = aggregate_of(tmp_path)["source_metadata"]["additional_details"]
    assert "scripted" in source["demonstration"]
    assert "DEMONSTRATION" in source["remarks"]


def test_nobody_named_as_evaluator_is_refused(log: Path, tmp_path: Path) -> None:
    about = ABOUT.model_copy(update={"organization": ""})

    with pytest.raises(SuiteError, match="give organization in the file of --about"):
        every_eval_ever(publication([log], about=about), tmp_path)


def test_our_own_checks_pass(folder: Path) -> None:
    assert check(folder) == []


@pytest.mark.parametrize(
    ("name", "identity", "deployment"),
    [
        ("openai/gpt-5-2025-08-07", "openai/gpt-5-2025-08-07", "externally_managed"),
        ("openai/azure/gpt-4o-2024-08-06", "openai/gpt-4o-2024-08-06", "externally_managed"),
        ("grok/grok-4-0709", "xai/grok-4-0709", "externally_managed"),
        ("openrouter/anthropic/claude-sonnet-4", "anthropic/claude-sonnet-4", "externally_managed"),
        ("groq/llama-3.3-70b-versatile", "meta-llama/llama-3.3-70b-versatile", "externally_managed"),
        ("vllm/Qwen/Qwen3-8B", "Qwen/Qwen3-8B", "self_deployed"),
        ("ollama/llama3", "meta-llama/llama3", "self_deployed"),
        ("scripted/mixed/0.4", "scripted/mixed/0.4", "unknown"),
    ],
)
def test_the_name_tells_who_made_and_who_ran_a_model(name: str, identity: str, deployment: str) -> None:
    found = identify(name, {})

    assert (found.id, found.deployment) == (identity, deployment)


def test_a_slash_in_a_models_name_makes_no_folder() -> None:
    assert identify("scripted/mixed/0.4", {}).folder == ("scripted", "mixed_0.4")


def test_a_repository_on_the_hub_is_the_identity_and_its_weights_are_open() -> None:
    found = identify("openai-api/local/my-model", {"openai-api/local/my-model": "acme/my-model"})

    assert (found.id, found.weights) == ("acme/my-model", "open_weights")


def test_a_maker_is_not_guessed() -> None:
    with pytest.raises(SuiteError, match="openai-api/local/my-model: its name does not tell who made it"):
        identify("openai-api/local/my-model", {})


@pytest.fixture(scope="module")
def text_protocol(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of one reply in the text protocol, judged by a panel."""
    folder = tmp_path_factory.mktemp("text")
    log = evaluated(
        folder,
        "scripted/insider",
        grader=[lenient_judge("first"), lenient_judge("second")],
        worlds="totara-seed",
        seeds=1,
        protocol="single_turn",
        conduct="none",
        preflight=False,
    )
    every_eval_ever(publication([Path(log.location)]), folder)
    return folder


def test_one_text_reply_is_an_output_and_no_conversation(text_protocol: Path) -> None:
    (row,) = rows_of(text_protocol)

    assert row["interaction_type"] == "single_turn"
    assert "messages" not in row
    assert len(row["output"]["raw"]) == 1


def test_a_panel_is_named_whole(text_protocol: Path) -> None:
    scoring = result_of(text_protocol)["metric_config"]["llm_scoring"]

    assert [judge["model_info"]["additional_details"]["inspect_model"] for judge in scoring["judges"]] == [
        "mockllm/first",
        "mockllm/second",
    ]
    assert scoring["aggregation_method"] == "majority_vote"


def test_with_one_world_the_wilson_interval_is_the_interval(text_protocol: Path) -> None:
    details = result_of(text_protocol)["score_details"]

    assert "Wilson, episodes taken for independent" in details["uncertainty"]["confidence_interval"]["method"]
    assert details["details"]["ci95_over_worlds_low"] == "not computable from these episodes"
    assert "standard_error" not in details["uncertainty"]
