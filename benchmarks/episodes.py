"""What the episodes table costs: time and peak memory for 1,000, 10,000 and 100,000 synthetic episodes.

    python -m benchmarks.episodes
    python -m benchmarks.episodes --sizes 1000 --one-sizes 5000

The logs are made of one scripted run: its episodes are copied under new ids, without their conversations and events
(which the table does not need) unless --whole is given, and written by Inspect, as logs of 1,000 episodes and as one
log. The table is then written in a process of its own. Inspect takes too long to write one log of 100,000 episodes, so
the single log stops at 10,000.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
from inspect_ai import eval as run_eval
from inspect_ai.log import EvalLog, EvalSample, write_eval_log

from agentic_misalignment.analysis.episodes import write_episodes
from agentic_misalignment.tasks import blackmail
from benchmarks.memory import own_peak

ROOT = Path(__file__).parent.parent
LOG_SIZE = 1_000
"""Episodes of each log where there are many."""


def scripted_run(folder: str) -> EvalLog:
    """Run a few episodes of a model that does harm in some, and return its log with its samples in memory."""
    log = run_eval(
        blackmail,
        model="scripted/mixed/0.4",
        model_roles={"grader": "scripted/judge"},
        task_args={"seeds": 2},
        log_dir=folder,
        display="none",
    )[0]
    return log.model_copy(update={"samples": list(log.samples or [])})


def copies(samples: list[EvalSample], first: int, count: int) -> Iterator[EvalSample]:
    """Yield samples of new ids and seeds, so that each is an episode of its own."""
    for number in range(first, first + count):
        sample = samples[number % len(samples)]
        seed = number // len(samples) + 1
        yield sample.model_copy(
            update={
                "id": f"{sample.metadata['world']}/{sample.metadata['condition']}/s{seed}/{number}",
                "uuid": f"synthetic{number:013}",
                "metadata": {**sample.metadata, "seed": seed},
            }
        )


def write_log(pattern: EvalLog, samples: list[EvalSample], first: int, count: int, file: Path) -> None:
    """Write a log of copies."""
    made = list(copies(samples, first, count))
    dataset = pattern.eval.dataset.model_copy(update={"samples": count, "sample_ids": [each.id for each in made]})
    spec = pattern.eval.model_copy(update={"dataset": dataset, "eval_id": f"synthetic{first}"})
    write_eval_log(pattern.model_copy(update={"samples": made, "eval": spec}), file)


def slim(sample: EvalSample) -> EvalSample:
    """Return a sample with the first two messages and without events, store and attachments."""
    return sample.model_copy(
        update={"messages": sample.messages[:2], "events": [], "store": {}, "attachments": {}, "timelines": None}
    )


def measured(logs: Path, output: Path) -> tuple[float, float, float]:
    """Return seconds, seconds of the processor and peak memory in MB of writing the table in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.episodes", "--child", str(logs), str(output)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    wall, processor, memory = map(float, result.stdout.split())
    return wall, processor, memory


def report(pattern: EvalLog, layout: str, count: int, ending: str, *, whole: bool) -> None:
    """Make logs, write their table and print what it took."""
    with tempfile.TemporaryDirectory() as work:
        logs, output = Path(work) / "logs", Path(work) / f"episodes{ending}"
        logs.mkdir()
        samples = [each if whole else slim(each) for each in pattern.samples or []]
        size = LOG_SIZE if layout == "many" else count
        for first in range(0, count, size):
            write_log(pattern, samples, first, min(size, count - first), logs / f"{first:09}.eval")
        wall, processor, memory = measured(logs, output)
        kind = f"{-(-count // size)} logs" if layout == "many" else "one log"
        click.echo(
            f"{count:>7} episodes, {kind:<9} {ending:<8} wall {wall:8.1f} s  processor {processor:8.1f} s  "
            f"peak {memory:7.0f} MB  file {output.stat().st_size / 1e6:6.1f} MB"
        )


def child(logs: str, output: str) -> None:
    """Write the table and print what it took; see `measured`."""
    start, busy = time.perf_counter(), time.process_time()
    write_episodes([Path(logs)], Path(output))
    wall, processor = time.perf_counter() - start, time.process_time() - busy
    click.echo(f"{wall} {processor} {own_peak()}")


@click.command()
@click.option("--sizes", default="1000,10000,100000", show_default=True, help="Episodes, in logs of 1,000.")
@click.option("--one-sizes", default="1000,10000", show_default=True, help="Episodes, all in one log.")
@click.option("--ending", default=".parquet", show_default=True, type=click.Choice([".parquet", ".csv"]))
@click.option("--whole", is_flag=True, help="Keep conversations and events, which makes logs large.")
@click.option("--child", "paths", nargs=2, hidden=True)
def main(sizes: str, one_sizes: str, ending: str, whole: bool, paths: tuple[str, str] | None) -> None:
    """Measure the cost of the episodes table."""
    if paths:
        child(*paths)
        return
    with tempfile.TemporaryDirectory() as folder:
        pattern = scripted_run(folder)
    for layout, wanted in (("many", sizes), ("one", one_sizes)):
        for size in filter(None, wanted.split(",")):
            report(pattern, layout, int(size), ending, whole=whole)


if __name__ == "__main__":
    main()
