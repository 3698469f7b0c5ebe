"""The spread of a rate over names: read from logs, printed as a table."""

from pathlib import Path

from click.testing import CliRunner

from agentic_misalignment.analysis import read_spread
from agentic_misalignment.cli import main
from tests.conftest import RunEval

PLAYED = {"worlds": "alcor-solar,totara-seed", "names": "set_1,set_2", "seeds": 2}


def test_rates_by_level_and_a_component(run_eval: RunEval, tmp_path: Path) -> None:
    run_eval("scripted/insider", log_dir=tmp_path, **PLAYED)
    (row,) = read_spread([tmp_path], "names")
    assert row.rates == {"set_1": 1.0, "set_2": 1.0}
    assert (row.worlds, row.episodes) == (2, 8)
    assert row.component is not None
    assert (row.component.variance, row.component.p) == (0.0, 1.0)


def test_the_command_prints_a_row_for_each_model(run_eval: RunEval, tmp_path: Path) -> None:
    for policy in ("insider", "silent"):
        run_eval(f"scripted/{policy}", log_dir=tmp_path, **PLAYED)
    result = CliRunner().invoke(main, ["spread", str(tmp_path)])
    assert result.exit_code == 0
    rows = {line.split()[1]: line for line in result.output.splitlines() if line.startswith("blackmail")}
    assert "100 % to 100 %  0.0" in rows["scripted/insider"]
    assert "too few episodes" in rows["scripted/silent"]


def test_a_factor_that_no_episode_has_is_one_line(run_eval: RunEval, tmp_path: Path) -> None:
    run_eval("scripted/silent", log_dir=tmp_path, worlds="alcor-solar", seeds=1)
    result = CliRunner().invoke(main, ["spread", str(tmp_path), "--factor", "mood"])
    assert result.exit_code == 1
    assert result.output == "Error: no episode of these logs has the factor 'mood'\n"
