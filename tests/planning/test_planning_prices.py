import math
from pathlib import Path

import pytest

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.planning.prices import FREE, Price, PriceTable, Tokens, check_models, price_table

MILLION = 1_000_000


def test_the_price_of_a_conversation_with_a_cache() -> None:
    price = Price(input=3, cached_input=0.3, cache_write=3.75, output=15)
    tokens = Tokens(input=10 * MILLION, cached=8 * MILLION, output=MILLION)

    # 2 M written at 3.75 + 8 M read at 0.3 + 1 M output at 15
    assert price.of(tokens) == pytest.approx(7.5 + 2.4 + 15)


def test_without_a_cache_nothing_is_written_to_it() -> None:
    price = Price(input=3, cached_input=0.3, cache_write=3.75, output=15)

    assert price.of(Tokens(input=MILLION, output=0)) == pytest.approx(3)


def test_without_a_price_of_cached_input_it_costs_as_much_as_any() -> None:
    assert Price(input=2, output=0).of(Tokens(input=MILLION, cached=MILLION)) == pytest.approx(2)


@pytest.mark.parametrize("version", ["", "-20250929", "-2025-08-07", "-latest"])
def test_a_version_has_the_price_of_its_model(version: str) -> None:
    table = PriceTable(prices={"openai/gpt-5": Price(input=1, output=2)})

    assert table.find(f"openai/gpt-5{version}") == table.prices["openai/gpt-5"]


@pytest.mark.parametrize("model", ["openai/gpt-5-mini", "openai/gpt-5.4", "openrouter/openai/gpt-5"])
def test_a_name_that_only_looks_alike_has_no_price(model: str) -> None:
    assert PriceTable(prices={"openai/gpt-5": Price(input=1, output=2)}).find(model) is None


@pytest.mark.parametrize("provider", ["ollama", "vllm", "hf", "openai-api/local", "scripted"])
def test_local_models_are_free(provider: str) -> None:
    assert price_table().find(f"{provider}/model") is FREE


def test_every_price_of_the_suite_has_a_source_and_a_date() -> None:
    prices = price_table().prices

    assert len(prices) >= 12
    assert {name.partition("/")[0] for name in prices} == {"anthropic", "google", "openai"}
    assert [name for name, price in prices.items() if price.date is None or "://" not in price.source] == []


def test_cached_input_is_cheaper_and_output_dearer_than_input() -> None:
    for price in price_table().prices.values():
        assert (price.cached_input or math.inf) < price.input < price.output
        assert price.cache_write is None or price.cache_write == pytest.approx(1.25 * price.input)


def test_a_table_of_ones_own_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "my.yaml"
    own.write_text("prices:\n  openai/gpt-5: {input: 7, output: 8}\n  own/model: {input: 1, output: 2}\nfree: [acme]\n")
    table = price_table(own)

    assert table.find("openai/gpt-5") == Price(input=7, output=8)
    assert table.find("own/model") == Price(input=1, output=2)
    assert table.find("acme/any") is FREE
    assert table.find("openai/gpt-5-mini") == price_table().find("openai/gpt-5-mini")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prices:\n  openai/gpt-5: {input: -1, output: 2}\n", "my.yaml:2: prices.openai/gpt-5.input"),
        ("prices:\n  gpt-5: {input: 1, output: 2}\n", "'gpt-5' is no model"),
        ("cost: {}\n", "prices: Field required"),
    ],
)
def test_a_broken_table_is_one_line(tmp_path: Path, text: str, expected: str) -> None:
    own = tmp_path / "my.yaml"
    own.write_text(text)

    with pytest.raises(SuiteError, match=r"my\.yaml") as raised:
        price_table(own)
    assert expected in raised.value.message
    assert "\n" not in raised.value.message


@pytest.mark.parametrize("name", ["gpt-5", "", "/gpt-5", "openai/", "open ai/gpt-5"])
def test_a_model_needs_its_provider(name: str) -> None:
    with pytest.raises(SuiteError, match="expected PROVIDER/MODEL"):
        check_models([name], where="--models")
