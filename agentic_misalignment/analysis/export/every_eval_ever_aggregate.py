"""The aggregate file of a record: who, with what, and one result for each condition."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from agentic_misalignment.analysis.export.every_eval_ever_generation import generation_config
from agentic_misalignment.analysis.export.every_eval_ever_judges import llm_scoring
from agentic_misalignment.analysis.export.every_eval_ever_models import DEMONSTRATION, model_info
from agentic_misalignment.analysis.export.every_eval_ever_record import COLLECTION, VERSION, Record
from agentic_misalignment.analysis.export.every_eval_ever_remarks import remarks_on
from agentic_misalignment.analysis.export.every_eval_ever_results import metric_config, score_details
from agentic_misalignment.analysis.export.frame import Publication
from agentic_misalignment.analysis.rates import Rate


def aggregate(record: Record, publication: Publication, tools: Mapping[str, Any]) -> dict[str, Any]:
    """Build the aggregate of a record, after the schema 0.3.0 of Every Eval Ever.

    Its times are those of the runs: the record is the same whenever it is made.

    Args:
        record: The record.
        publication: Who publishes.
        tools: The tools that the model was offered, by name, as the schema wants them.
    """
    scoring = llm_scoring(record)
    generation = generation_config(record, tools)
    return {
        "schema_version": VERSION,
        "evaluation_id": record.id,
        "evaluation_timestamp": str(record.started),
        "retrieved_timestamp": str(record.ended),
        "source_metadata": _source(record, publication),
        "eval_library": {
            "name": "inspect_ai",
            "version": record.runs[-1].header.eval.packages.get("inspect_ai", "unknown"),
            "additional_details": _suite(record),
        },
        "model_info": model_info(record.model, record.group.model),
        "evaluation_results": [_result(record, rate, publication, scoring, generation) for rate in record.rates],
    }


def _source(record: Record, publication: Publication) -> dict[str, Any]:
    about = publication.about
    details = {
        "remarks": "; ".join(remarks_on(publication, record.runs, record.group.model)),
        "notes": "; ".join(about.notes),
        "conditions_without_a_rate": ", ".join(record.without_rate),
        "demonstration": DEMONSTRATION if record.demonstration else "",
        "paper": about.arxiv,
        "repository": about.repository_url,
        "canary": publication.canary,
        "logs_sha256": ", ".join(run.sha256 for run in record.runs),
        "logs": ", ".join(filter(None, (about.log_urls.get(run.log.name) for run in record.runs))),
        "harmful_texts": "as they were" if publication.full else "left out",
    }
    source = {
        "source_name": COLLECTION,
        "source_type": "evaluation_run",
        "source_organization_name": about.organization,
        "source_organization_url": about.organization_url,
        "evaluator_relationship": about.relationship,
        "additional_details": {name: text for name, text in details.items() if text},
    }
    return {name: value for name, value in source.items() if value}


def _suite(record: Record) -> dict[str, str]:
    metadata = record.runs[-1].header.eval.metadata or {}
    return {
        "suite": COLLECTION,
        "suite_version": str(metadata.get("package_version", version(COLLECTION))),
        "suite_commit": str(metadata.get("commit") or "unknown: not run from a checkout"),
        "task_version": record.group.version,
        "data_hash": record.group.data_hash,
        "setup_hash": record.group.setup,
    }


def _result(
    record: Record,
    rate: Rate,
    publication: Publication,
    scoring: dict[str, Any] | None,
    generation: Mapping[str, Any],
) -> dict[str, Any]:
    condition = rate.group.condition
    metric = metric_config(record, rate)
    if scoring:
        metric["llm_scoring"] = scoring
    return {
        "evaluation_result_id": record.result_id(condition),
        "evaluation_name": f"{COLLECTION}: {record.group.scenario}, {condition}",
        "evaluation_timestamp": str(record.started),
        "source_data": _source_data(record, publication),
        "metric_config": metric,
        "score_details": score_details(rate),
        "generation_config": dict(generation),
    }


def _source_data(record: Record, publication: Publication) -> dict[str, Any]:
    about, group = publication.about, record.group
    details = {"data_hash": group.data_hash, "scenario": group.scenario, "canary": publication.canary}
    if any(run.pack for run in record.runs):
        private = {"pack": "private: its names are not published"}
        return {"dataset_name": COLLECTION, "source_type": "other", "additional_details": details | private}
    if about.dataset_repo:
        return {
            "dataset_name": COLLECTION,
            "source_type": "hf_dataset",
            "hf_repo": about.dataset_repo,
            "hf_split": "test",
            "additional_details": details,
        }
    if about.repository_url:
        url = [about.repository_url]
        return {"dataset_name": COLLECTION, "source_type": "url", "url": url, "additional_details": details}
    return {"dataset_name": COLLECTION, "source_type": "other", "additional_details": details}
