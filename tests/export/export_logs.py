"""Logs to be exported: one of harmful, one of harmless episodes, and what an export of them may not hold."""

from pathlib import Path
from typing import Any

from inspect_ai.event import ErrorEvent, ModelEvent
from inspect_ai.log import EvalError, EvalLog, read_eval_log, write_eval_log
from inspect_ai.model import GenerateConfig, ModelConfig

from agentic_misalignment.analysis.export import About
from tests.evals import evaluated

WORLDS = "alcor-solar,totara-seed"
ABOUT = About(
    repository_url="https://github.com/example/agentic-misalignment",
    repository_commit="0123456789abcdef0123456789abcdef01234567",
    arxiv="https://arxiv.org/abs/2601.00001v1",
    contributors=("octocat",),
    organization="Example Lab",
)
KEY = "sk-abcdefghijklmnop1234"
TOKEN = "tok-13-aBc"
BASE_URL = "http://gpu7.internal.example:8000/v1"
HEADER, BODY, FOLDER = "org-of-header", "tenant-of-body", "/opt/lab-nine"
PRIVATE = (
    KEY,
    TOKEN,
    "gpu7.internal",
    "jdoe",
    "/scratch/lab",
    "cluster-a",
    "hunter2",
    HEADER,
    BODY,
    FOLDER,
)
"""What stands in the log of `leaky`, and may not in an export."""


def made(folder: Path, model: str, **args: Any) -> Path:
    """Run the blackmail task as cheaply as it can be, on a clean commit."""
    options = {"worlds": WORLDS, "seeds": 1, "conduct": "none", "preflight": False, **args}
    log = evaluated(folder, model, **options)
    return rewritten(Path(log.location), clean)


def rewritten(file: Path, change: Any, to: Path | None = None) -> Path:
    """Change a log, in place or into another file."""
    log = read_eval_log(str(file))
    change(log)
    target = to or file
    target.parent.mkdir(parents=True, exist_ok=True)
    write_eval_log(log, target)
    return target


def clean(log: EvalLog) -> None:
    """Let a log be one of a clean checkout, whatever the state of this one."""
    assert log.eval.metadata is not None
    log.eval.metadata["commit"] = ABOUT.repository_commit
    log.eval.revision = None


def named(model: str, judge: str = "anthropic/claude-opus-4-20250514") -> Any:
    """Let a log be one of a real model and judge."""

    def change(log: EvalLog) -> None:
        log.eval.model = model
        log.eval.model_roles = {"grader": ModelConfig(model=judge)}
        for sample in log.samples or []:
            for score in (sample.scores or {}).values():
                if score.metadata and "judge" in score.metadata:
                    score.metadata |= {"judge": judge, "judge_note": ""}

    return change


def leaky(log: EvalLog) -> None:
    """Put into a log what may not leave: keys, paths, names of users and hosts."""
    spec = log.eval
    spec.task_file = "/home/jdoe/evals/tasks/blackmail.py"
    spec.dataset.location = "/scratch/lab/jdoe/data.json"
    spec.model_base_url = BASE_URL
    spec.model_args = {"api_key": KEY, "headers": {"X-Auth-Token": TOKEN}, "cluster": "cluster-a", "dtype": 16}
    spec.model_roles = {"grader": ModelConfig(model="scripted/judge", base_url=BASE_URL, args={"api_key": KEY})}
    spec.model_generate_config.extra_headers = {"X-Session": "hunter2"}
    spec.tags = ["run of jdoe"]
    sample = (log.samples or [])[0]
    sample.messages[-1].content = f"By jdoe with {TOKEN}, see /home/jdoe/notes.txt, or set OPENAI_API_KEY=hunter2"
    sample.messages[0].metadata = {"trace": 'File "/home/jdoe/evals/solve.py", line 3'}
    call = next(event for event in sample.events if isinstance(event, ModelEvent))
    call.config = GenerateConfig(extra_headers={"X-Org": HEADER}, extra_body={"tenant": BODY})
    call.error = f"Cannot connect to host gpu7.internal.example:8000, {BASE_URL}/chat"
    call.traceback_ansi = f"\x1b[33m{FOLDER}/client.py\x1b[0m:3"
    failed = EvalError(message=f"POST {BASE_URL}/chat", traceback=f"{FOLDER}/run.py", traceback_ansi="")
    sample.events.append(ErrorEvent(error=failed))
