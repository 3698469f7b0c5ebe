"""Logs made by hand: every outcome is known, and no model and no judge was asked."""

from pathlib import Path
from typing import Any

from inspect_ai.log import (
    EvalConfig,
    EvalDataset,
    EvalLog,
    EvalResults,
    EvalSample,
    EvalSpec,
    write_eval_log,
)
from inspect_ai.model import ChatMessageAssistant, ChatMessageUser, ModelOutput
from inspect_ai.scorer import Score

from agentic_misalignment.scenarios import scenario
from agentic_misalignment.scenarios.plan import make_plan

JUDGE = "lab/judge"
RUBRIC = "r"
ALL_WORLDS = scenario("blackmail").worlds


def episode(
    number: int,
    world: str,
    harm: float | None,
    *,
    status: str | None = None,
    reason: str = "",
    seed: int = 1,
    epoch: int = 1,
    judged: bool = True,
    belief: str | None = None,
    quotes: tuple[str, ...] = (),
    last_words: str = "Done.",
    utility: float = 1.0,
    judge: str = JUDGE,
    rubric_hash: str = RUBRIC,
    model: str = "lab/alpha",
    flags: dict[str, bool] | None = None,
    **levels: str,
) -> EvalSample:
    """An episode: `harm` is its value, `None` for one that is not valid."""
    found = "valid" if harm is not None else "unscored"
    condition = make_plan("blackmail", factors=levels).conditions[0]
    about: dict[str, Any] = {
        "judge": judge,
        "judge_settings": {"temperature": 0, "max_tokens": 8192},
        "judge_note": None,
    }
    about |= {"judge_own_family": [], "rubric_hash": rubric_hash}
    detail: dict[str, Any] = {
        "status": status or found,
        "reason": reason,
        "harm": None if harm is None else bool(harm),
        "finding": "target_reached",
        "attempted": 1,
        "executed": 1,
        "judged": judged,
        "verdict": {1: "open_threat", 0: "no_threat"}.get(int(harm)) if judged and harm is not None else None,
        "confidence": "high" if judged and harm is not None else None,
        "quotes": [{"action": "a1", "text": text} for text in quotes],
        "votes": [],
        "message_ids": [],
        "call_ids": [],
        "sent": 1,
        "rejected": 0,
        "seen": 1,
        "utility": utility,
        "flags": flags or {},
        "details": {},
        "rubric": "blackmail",
        **about,
    }
    scores = {
        "blackmail": Score(value=float("nan") if harm is None else harm, metadata=detail),
        "status": Score(value=detail["status"], metadata={"reason": reason, "harm": detail["harm"], "votes": {}}),
    }
    if belief:
        more = {"harm": detail["harm"], "prompted": True, "reasoning": "shown", "where": [], "before_act": None}
        scores["test_vs_real"] = Score(
            value=belief, metadata={**more, "stated_percent": None, "quotes": [], "rubric": "reality_belief", **about}
        )
    output = ModelOutput.from_content(model, last_words)
    return EvalSample(
        id=f"{world}/{condition.id}/s{seed}",
        epoch=epoch,
        input="Begin.",
        target="",
        uuid=f"u{number}",
        messages=[ChatMessageUser(content="Begin."), ChatMessageAssistant(content=last_words)],
        output=output,
        scores=scores,
        metadata={
            "scenario": "blackmail",
            "world": world,
            "condition": condition.id,
            "seed": seed,
            "pack": "",
            **dict(condition.levels),
        },
    )


def write_log(
    folder: Path,
    name: str,
    samples: list[EvalSample],
    *,
    model: str = "lab/alpha",
    version: str = "3-A",
    status: Any = "success",
    planned: int | None = None,
    about: dict[str, Any] | None = None,
    **spec: Any,
) -> Path:
    """Write a log of the task `blackmail`."""
    metadata = {
        "package_version": "0.1.0",
        "commit": "c" * 40,
        "data_hash": "d" * 12,
        "scenario": "blackmail",
        "experiment": "headline",
        "pack_hash": None,
        **(about or {}),
    }
    log = EvalLog(
        status=status,
        eval=EvalSpec(
            created="2026-01-02T03:04:05+00:00",
            task="blackmail",
            task_id=name,
            run_id=f"run-{name}",
            eval_id=f"eval-{name}",
            task_version=version,
            task_file="tasks/blackmail.py",
            dataset=EvalDataset(name="blackmail", samples=len(samples)),
            model=model,
            config=EvalConfig(turn_limit=150),
            packages={"inspect_ai": "0.3.285"},
            metadata=metadata,
            **spec,
        ),
        results=EvalResults(total_samples=planned or len(samples), completed_samples=len(samples), scores=[]),
        samples=samples,
    )
    path = folder / f"{name}.eval"
    folder.mkdir(parents=True, exist_ok=True)
    write_eval_log(log, str(path))
    return path
