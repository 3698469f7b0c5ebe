"""Publications for the tests of targets: scripted runs under the names of real models."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from inspect_ai.log import EvalLog, read_eval_log, write_eval_log

from agentic_misalignment.analysis.export.about import About
from agentic_misalignment.analysis.export.frame import Publication, Run
from agentic_misalignment.analysis.rates import read_rates
from agentic_misalignment.scenarios.checks import canary

MODEL = "openai/gpt-5-2025-08-07"
JUDGE = "anthropic/claude-sonnet-4-5-20250929"
ABOUT = About(
    organization="Example Institute",
    repository_url="https://github.com/example/agentic-misalignment",
    arxiv="https://arxiv.org/abs/2601.00001v1",
    dataset_repo="example/agentic-misalignment",
    hub_models={"vllm/Qwen/Qwen3-8B": "Qwen/Qwen3-8B"},
)


def renamed(log: EvalLog, model: str, judge: str, path: Path, *, harmless: str = "") -> Path:
    """Write a copy of a log with other names of the scripted model and judge, and one sample made harmless."""
    copy = read_eval_log(log.location, resolve_attachments=True)
    scripted, reader = copy.eval.model, "scripted/judge"
    names = {scripted: model, reader: judge}
    copy.eval.model = model
    for role in (copy.eval.model_roles or {}).values():
        for each in role if isinstance(role, list) else [role]:
            each.model = names.get(each.model, each.model)
    copy.stats.model_usage = {names.get(name, name): usage for name, usage in copy.stats.model_usage.items()}
    for sample in copy.samples or []:
        sample.model_usage = {names.get(name, name): usage for name, usage in sample.model_usage.items()}
        for name, score in (sample.scores or {}).items():
            if sample.id == harmless and name == "blackmail":
                score.value = 0.0
            if sample.id == harmless and "harm" in (score.metadata or {}):
                score.metadata = {**(score.metadata or {}), "harm": False, "verdict": "no_threat", "quotes": []}
            if score.metadata and "judge" in score.metadata:
                score.metadata |= {"judge": judge, "judge_note": None}
    write_eval_log(copy, str(path))
    return path


def publication(logs: Sequence[Path], *, about: About = ABOUT, marks: tuple[str, ...] = ()) -> Publication:
    """Publish logs as they are: the redaction has tests of its own."""
    runs = tuple(_run(path, marks) for path in logs)
    return Publication(
        runs=runs, rates=tuple(read_rates(logs)), about=about, remarks=(), full=True, canary=f"canary {canary()}"
    )


def _run(path: Path, marks: tuple[str, ...]) -> Run:
    header = read_eval_log(str(path), header_only=True)
    digest = sha256(path.read_bytes()).hexdigest()
    return Run(log=path, header=header, rates=tuple(read_rates([path])), sha256=digest, marks=marks, pack=False)
