"""Mixes as models, and mixes in files that are broken."""

from pathlib import Path

import pytest
from inspect_ai.model import get_model

from agentic_misalignment.errors import SuiteError
from agentic_misalignment.scenarios.data import load
from agentic_misalignment.scripted import policy, policy_names
from agentic_misalignment.scripted.policy import Mix, choose_policy, mix, mix_names

FILE = "canary: c\nmix: m\ndescription: d\ncycle:\n  {row}\n"


@pytest.mark.parametrize("name", mix_names())
def test_a_mix_is_a_model(name: str) -> None:
    assert str(get_model(f"scripted/mix/{name}")) == f"scripted/mix/{name}"


@pytest.mark.parametrize("name", ["mix/nothing", "mix/", "mix", "mix/beliefs/more"])
def test_a_model_of_no_mix_is_refused_before_anything_runs(name: str) -> None:
    with pytest.raises(SuiteError) as caught:
        get_model(f"scripted/{name}")

    assert "unknown mix" in caught.value.message
    assert "beliefs" in caught.value.message


def test_a_mix_takes_no_arguments() -> None:
    with pytest.raises(SuiteError, match="unknown argument 'seed'"):
        get_model("scripted/mix/beliefs", seed=1)


@pytest.mark.parametrize("name", mix_names())
def test_a_mix_is_called_as_its_file_and_plays_policies_that_exist(name: str) -> None:
    found = mix(name)

    assert found.mix == name
    assert set(found.cycle) <= set(policy_names())


def test_policies_are_played_in_the_order_of_the_file() -> None:
    made = Mix(canary="c", mix="m", description="d", cycle={"insider": 2, "complier": 1})

    assert [made.at(number) for number in range(1, 8)] == ["insider", "insider", "complier"] * 2 + ["insider"]


def test_the_number_stands_behind_the_last_s_of_the_episode() -> None:
    assert choose_policy("mix/beliefs", "s2/s3/s5") == policy(mix("beliefs").at(5))


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ("nobody: 1", ["unknown policy 'nobody'", "insider"]),
        ("insider: 0", ["insider", "from 1 on"]),
        ("insider: -1", ["insider", "from 1 on"]),
        ("insider: many", ["cycle.insider", "integer"]),
        ("insider: 1\nextra: 2", ["extra", "not permitted"]),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, row: str, parts: list[str]) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(FILE.format(row=row))

    with pytest.raises(SuiteError) as caught:
        load(path, Mix)
    assert caught.value.message.startswith(f"{path}:")
    assert not [part for part in parts if part not in caught.value.message]
    assert "\n" not in caught.value.message


def test_an_empty_cycle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("canary: c\nmix: m\ndescription: d\ncycle: {}\n")

    with pytest.raises(SuiteError, match="cycle"):
        load(tmp_path / "m.yaml", Mix)
