"""Families of models: a judge of the tested model's own family is found, whoever serves it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.judging.families import family, of_own_family


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("anthropic/claude-sonnet-4", "Anthropic"),
        ("openai/gpt-4o", "OpenAI"),
        ("openai/o3-mini", "OpenAI"),
        ("google/gemini-2.5-pro", "Google"),
        ("mistral/mistral-large-latest", "Mistral"),
        ("grok/grok-4", "xAI"),
        # what serves a model is not its maker
        ("openrouter/anthropic/claude-sonnet-4", "Anthropic"),
        ("google/claude-sonnet-4", "Anthropic"),
        ("bedrock/us.anthropic.claude-sonnet-4-v1:0", "Anthropic"),
        ("openai-api/deepseek/deepseek-chat", "DeepSeek"),
        ("openai/azure/gpt-4o", "OpenAI"),
        ("together/meta-llama/Llama-3.3-70B-Instruct", "Meta"),
        ("hf/Qwen/Qwen2.5-7B-Instruct", "Qwen"),
        # numbers written to the name
        ("ollama/llama3.1:8b", "Meta"),
        ("ollama/phi4", "Microsoft"),
        ("ollama/gemma3:27b", "Google"),
        ("ollama/qwen3:4b", "Qwen"),
        # the first word of a name decides
        ("ollama/deepseek-r1-distill-llama-70b", "DeepSeek"),
        # a carrier of which the name is that of a maker
        ("vertex/gemini-2.5-pro", "Google"),
        # a name that says nothing is known by its provider, if that makes models
        ("openai/ft-abc", "OpenAI"),
        # capitals
        ("ANTHROPIC/Claude-Sonnet-4", "Anthropic"),
    ],
)
def test_a_family_is_read_from_the_name(model: str, expected: str) -> None:
    assert family(model) == expected


@pytest.mark.parametrize(
    "model",
    [
        "scripted/judge",
        "bedrock/amazing-1",
        "azureai/my-own",
        "together/novel-7b",
        "mockllm/model",
        "ollama/olmo2",
        "hf/my-own",
        "",
        "/",
        "ollama/megagpt5x",
        "vllm/4",
    ],
)
def test_a_model_of_which_nothing_is_known_has_no_family(model: str) -> None:
    assert family(model) is None


def test_the_judges_of_the_own_family_are_named() -> None:
    judges = ["anthropic/claude-opus-4", "openai/gpt-4o", "openrouter/anthropic/claude-3.5-haiku"]

    assert of_own_family("bedrock/anthropic.claude-sonnet-4", judges) == [judges[0], judges[2]]


def test_two_models_of_which_nothing_is_known_are_not_of_one_family() -> None:
    assert of_own_family("mockllm/model", ["mockllm/other", "scripted/judge"]) == []


def test_a_model_that_judges_itself_is_of_its_own_family_whatever_it_is() -> None:
    assert of_own_family("mockllm/model", ["mockllm/model", "scripted/judge"]) == ["mockllm/model"]


@given(st.text(max_size=40))
def test_every_model_is_of_its_own_family(model: str) -> None:
    assert model in of_own_family(model, [model])
