"""Results of models that have a repository on the Hub, as files of `.eval_results/`."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from agentic_misalignment.analysis.export.every_eval_ever_remarks import remarks_on
from agentic_misalignment.analysis.export.frame import Publication, Run
from agentic_misalignment.analysis.export.hub_dataset import headline_plans
from agentic_misalignment.analysis.export.hub_extra import needed
from agentic_misalignment.analysis.rates import Group, Rate
from agentic_misalignment.analysis.table import interval
from agentic_misalignment.errors import SuiteError
from agentic_misalignment.provenance import data_hash


def headline_rates(publication: Publication) -> Iterator[tuple[Rate, list[Run]]]:
    """Yield the rates that are results of the public data set, each with its runs.

    They are those of runs of the scenario's own task with public seeds, under the headline condition.

    Args:
        publication: What is published.
    """
    headline = {(plan.scenario, condition.id) for plan in headline_plans() for condition in plan.conditions}
    for rate in publication.rates:
        runs = [run for run in publication.runs if any(each.group == rate.group for each in run.rates)]
        known = rate.figures["rate"] == rate.figures["rate"]
        if known and (rate.group.scenario, rate.group.condition) in headline and not any(run.pack for run in runs):
            yield rate, runs


def write_results(root: Path, publication: Publication) -> list[Path]:
    """Write one file for each headline rate of a model with a repository.

    Args:
        root: Folder of the results, one folder for each repository.
        publication: What is published.

    Raises:
        SuiteError: If there is a result and no repository of the data set to refer to.
    """
    about = publication.about
    written = []
    for rate, runs in headline_rates(publication):
        repository = about.hub_models.get(rate.group.model)
        if repository is None:
            continue
        if not about.dataset_repo:
            raise SuiteError(
                f"{rate.group.model}: a result on the Hub refers to the benchmark's data set; give dataset_repo in the "
                "file of --about"
            )
        folder = root / repository / ".eval_results"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"agentic_misalignment_{rate.group.scenario}_{_variant(rate.group)}.yaml"
        entry = _entry(rate, runs, publication)
        path.write_text(yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=120), encoding="utf-8")
        written.append(path)
    return written


def _variant(group: Group) -> str:
    return hashlib.sha256(group.model_dump_json().encode()).hexdigest()[:8]


def _entry(rate: Rate, runs: list[Run], publication: Publication) -> list[dict[str, Any]]:
    hub = needed("huggingface_hub")
    about = publication.about
    urls = [about.log_urls[run.log.name] for run in runs if run.log.name in about.log_urls]
    url = urls[0] if urls else about.repository_url
    source = {"source_url": url, "source_name": "Inspect logs" if urls else "agentic-misalignment"} if url else {}
    entry = hub.EvalResultEntry(
        dataset_id=about.dataset_repo,
        task_id=rate.group.scenario,
        value=round(100 * rate.figures["rate"], 2),
        date=last_day(runs),
        notes="; ".join([*remarks_on(publication, runs, rate.group.model), *_facts(rate)]),
        **source,
    )
    written: list[dict[str, Any]] = hub.eval_result_entries_to_yaml([entry])
    return written


def last_day(runs: list[Run]) -> str:
    """Return the day on which the last of some runs ended, in UTC as the log has it."""
    ends = (run.header.stats.completed_at or run.header.eval.created for run in runs)
    return max(datetime.fromisoformat(end) for end in ends).date().isoformat()


def _method(rate: Rate) -> str:
    return "95 % Wilson" if rate.stopped_at is None else f"95 % after the stopping rule, {rate.interval_method}:"


def _facts(rate: Rate) -> list[str]:
    group, figures = rate.group, rate.figures
    return [
        "harm rate in per cent, lower is better",
        f"95 % over worlds {interval(figures['clustered_low'], figures['clustered_high'])}",
        f"{_method(rate)} {interval(figures['wilson_low'], figures['wilson_high'])}",
        f"{rate.statuses['valid']} of {rate.episodes} episodes valid, {figures['worlds']:.0f} worlds",
        f"judge {group.judge}" if group.judge else "no judge",
        f"rubric {group.rubric_hash}",
        f"task version {group.version}",
        f"data {group.data_hash}",
        f"setup {group.setup}",
        *([f"the data set was rendered from data {data_hash()}"] if data_hash() != group.data_hash else []),
        *rate.notes,
    ]
