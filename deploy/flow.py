"""An Inspect Flow spec: flow run deploy/flow.py --arg models=MODEL,MODEL --arg grader=MODEL --log-dir logs/flow."""

from inspect_ai.model import get_model, model_roles
from inspect_flow import FlowDefaults, FlowOptions, FlowSpec, FlowTask, tasks_matrix


def _names(names: str | list[str]) -> list[str]:
    return names.split(",") if isinstance(names, str) else names  # Flow makes a list of what has commas


def spec(
    models: str | list[str] = "openai/gpt-5,google/gemini-2.5-pro",
    grader: str | list[str] = "anthropic/claude-sonnet-4-5",
    experiment: str = "headline",
    seeds: int | None = None,
    preflight: bool = True,
) -> FlowSpec:
    """Run one experiment of the suite on several models, with one judge or a panel.

    Args:
        models: The models under test, separated by commas.
        grader: The judge; several, separated by commas, are a panel.
        experiment: Name of an experiment.
        seeds: How many seeds; the experiment's number without it.
        preflight: Whether each judge is asked one question with a known answer before anything is run.
    """
    judges = _names(grader)
    # Flow builds a task before it binds its roles, and a task of this suite is not built without its judge.
    model_roles()["grader"] = [get_model(judge) for judge in judges]
    return FlowSpec(
        execution_type="inproc",
        log_dir="logs/flow",
        options=FlowOptions(log_buffer=5, retry_on_error=0),
        defaults=FlowDefaults(task=FlowTask(model_roles={"grader": judges})),
        tasks=tasks_matrix(
            task="agentic_misalignment/suite",
            args=[{"experiment": experiment, "seeds": seeds, "preflight": preflight}],
            model=_names(models),
        ),
    )
