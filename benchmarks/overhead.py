"""What the harness costs beside the smallest Inspect task with the same model calls and tool calls.

    python -m benchmarks.overhead
    python -m benchmarks.overhead --episodes 100 --runs 3

Prints wall times and their ratios, round by round; the memory of each further episode; log bytes for each episode; and
the start-up of `inspect eval … --limit 1`. Between the two stands a third run, which plays recorded episodes again with
Inspect alone (`benchmarks.replay`): what is above it is ours, what is below it Inspect's.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
from inspect_ai import eval as run_eval
from inspect_ai.log import EvalLog, read_eval_log

from agentic_misalignment.tasks import blackmail
from benchmarks.bare import bare
from benchmarks.memory import own_peak
from benchmarks.replay import record, replay

POLICY = "complier"
WORLDS = 6
ROOT = Path(__file__).parent.parent


def ours(episodes: int, folder: str) -> EvalLog:
    """Run the blackmail task with an instant scripted model; as on the command line, the log stays on disk."""
    return run_eval(
        blackmail,
        model=f"scripted/{POLICY}",
        model_roles={"grader": "scripted/judge"},
        task_args={"seeds": -(-episodes // WORLDS)},
        limit=episodes,
        log_dir=folder,
        log_header_only=True,
        display="none",
    )[0]


def same_calls(episodes: int, folder: str, pattern: str) -> EvalLog:
    """Run the bare task with as many model calls and tool calls."""
    return run_eval(
        bare,
        model=f"bare/{pattern}",
        task_args={"episodes": episodes},
        log_dir=folder,
        log_header_only=True,
        display="none",
    )[0]


def replayed(episodes: int, folder: str) -> EvalLog:
    """Play the recorded episodes again with Inspect alone."""
    return run_eval(
        replay,
        model="replay/episode",
        task_args={"episodes": episodes},
        log_dir=folder,
        log_header_only=True,
        display="none",
    )[0]


def pattern_of(log: EvalLog) -> str:
    """Return the tool calls of each turn in a typical episode, and one turn more for each of the judge's calls."""
    sample = sorted(log.samples or [], key=lambda sample: len(sample.messages))[len(log.samples or []) // 2]
    turns = [message.tool_calls or [] for message in sample.messages if message.role == "assistant"]
    judged = sum(event.event == "model" and event.role == "grader" for event in sample.events)
    return "-".join([*(str(len(calls)) for calls in turns if calls), *["1"] * judged])


def timed(run: Callable[[str], EvalLog]) -> tuple[float, float]:
    """Return wall seconds and log bytes of a run."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        log = run(folder)
        seconds = time.perf_counter() - start
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    if log.status != "success":
        raise click.ClickException(f"the run ended with status {log.status}")
    return seconds, float(size)


def report(name: str, values: list[float], unit: str = "") -> None:
    """Print minimum, median and maximum."""
    low, mid, high = min(values), statistics.median(values), max(values)
    click.echo(f"{name:<48} median {mid:8.2f}{unit}   min {low:8.2f}   max {high:8.2f}")


def compare_time(episodes: int, runs: int, pattern: str) -> None:
    """Run all three in turn and print the ratios."""
    rounds = [
        (
            timed(lambda folder: ours(episodes, folder)),
            timed(lambda folder: replayed(episodes, folder)),
            timed(lambda folder: same_calls(episodes, folder, pattern)),
        )
        for _ in range(runs)
    ]
    for place, name in enumerate(("ours", "replayed", "bare")):
        report(f"{episodes} episodes, {name}", [each[place][0] for each in rounds], " s")
    report(f"{episodes} episodes, wall ratio, ours to bare", [mine[0] / bare[0] for mine, _, bare in rounds])
    report(f"{episodes} episodes, wall ratio, ours to replayed", [mine[0] / again[0] for mine, again, _ in rounds])
    report(f"{episodes} episodes, wall ratio, replayed to bare", [again[0] / bare[0] for _, again, bare in rounds])
    for place, name in enumerate(("ours", "replayed", "bare")):
        report(f"{episodes} episodes, log kB per episode, {name}", [row[place][1] / episodes / 1000 for row in rounds])


def peak_memory(kind: str, episodes: int, pattern: str) -> float:
    """Return the peak memory of a run in a process of its own, in MB."""
    command = [sys.executable, "-m", "benchmarks.overhead", "--child", kind, "--episodes", str(episodes)]
    result = subprocess.run([*command, "--pattern", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(result.stdout.split()[-1])


def compare_memory(few: int, many: int, pattern: str) -> None:
    """Print the memory of each further episode."""
    grown = {
        kind: (peak_memory(kind, many, pattern) - peak_memory(kind, few, pattern)) / (many - few)
        for kind in ("ours", "bare")
    }
    for kind, megabytes in grown.items():
        click.echo(f"{f'memory of each further episode, {kind}':<48} {1000 * megabytes:8.1f} kB")
    click.echo(f"{'memory of each further episode, ratio':<48} {grown['ours'] / grown['bare']:8.2f}")


def compare_start(runs: int) -> None:
    """Print the start-up of `inspect eval … --limit 1`, in turn with a trivial task."""
    inspect = str(Path(sys.executable).parent / "inspect")
    roles = ["--model-role", "grader=scripted/judge", "--model", "scripted/silent"]
    with tempfile.TemporaryDirectory() as folder:
        common = ["--limit", "1", "--display", "none", "--log-dir", folder]
        mine = [inspect, "eval", "tasks/blackmail.py", *roles, *common]
        trivial = [inspect, "eval", "benchmarks/bare.py@bare", "--model", "mockllm/model", *common]
        pairs = [(command_seconds(mine), command_seconds(trivial)) for _ in range(runs)]
    report("start-up, ours", [own for own, _ in pairs], " s")
    report("start-up, trivial task", [other for _, other in pairs], " s")
    report("start-up, ratio", [own / other for own, other in pairs])


def command_seconds(command: list[str]) -> float:
    """Return the wall time of a command."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    return time.perf_counter() - start


@click.command()
@click.option("--episodes", default="100,1000", show_default=True, help="Sizes, separated by commas.")
@click.option("--runs", default=3, show_default=True, help="Pairs of runs for each size.")
@click.option("--child", hidden=True, type=click.Choice(["ours", "bare"]))
@click.option("--pattern", hidden=True, default="")
def main(episodes: str, runs: int, child: str | None, pattern: str) -> None:
    """Measure the cost of the harness."""
    sizes = [int(part) for part in episodes.split(",")]
    if child:
        with tempfile.TemporaryDirectory() as folder:
            ours(sizes[0], folder) if child == "ours" else same_calls(sizes[0], folder, pattern)
        click.echo(own_peak())
        return
    with tempfile.TemporaryDirectory() as folder:
        log = read_eval_log(ours(WORLDS, folder).location, resolve_attachments=True)
    pattern = pattern_of(log)
    record(log.samples or [])
    click.echo(f"calls in each turn: {pattern}")
    for size in sizes:
        compare_time(size, runs, pattern)
    if len(sizes) > 1:
        compare_memory(sizes[0], sizes[-1], pattern)
    compare_start(runs)


if __name__ == "__main__":
    main()
