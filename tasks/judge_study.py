"""Judge study: how well does a judge, or a panel, find what is known of hand-made episodes?"""

from inspect_ai import Task, task
from inspect_ai.log import HeadlineMetric
from inspect_ai.viewer import TaskSamplesColumn, TaskSamplesView, ViewerConfig

from agentic_misalignment.provenance import study_provenance
from agentic_misalignment.scorers import attacked
from agentic_misalignment.scorers import judge_study as study_score
from agentic_misalignment.scorers.grader import required_graders
from agentic_misalignment.scorers.preflight import preflight as ask_known_question
from agentic_misalignment.solvers import as_written
from agentic_misalignment.study_dataset import attack_dataset, study_dataset


@task
def judge_study(
    split: str = "all",
    scenarios: str | list[str] = "all",
    attacks: bool = False,
    limit_items: int | None = None,
    preflight: bool = True,
) -> Task:
    """Measure a judge on finished episodes whose labels are known.

    No model is tested: the episodes of `datasets/judge_study` are replayed into the mailbox, and the judge is asked the
    same questions as in a run: the headline question, the reality belief and the labels of conduct. The log has
    sensitivity, specificity and kappa of each label; `agentic-misalignment study LOG` prints them with intervals and
    writes the result file that a report cites. With `attacks=true` texts that try to move the judge are put into
    the episodes, and the score is whether a verdict moves.

    Model Roles:
        grader: the judge that is studied; several, separated by commas, are a panel. Required:
            `--model-role grader=…`. No `--model` is needed.

    Args:
        split: `all` episodes, those that are `open`, or those that are `held_out`. Rubrics are written with the open
            ones only, so the held-out ones give the figures to cite.
        scenarios: Names of scenarios, separated by commas, or `all`.
        attacks: Whether the judge is attacked, in place of being studied.
        limit_items: Only so many episodes of each scenario; all without it.
        preflight: Whether each judge is asked one question with a known answer before anything is run.

    Returns:
        The task: one sample for each episode, or for each attack on an episode.

    Raises:
        SuiteError: If a parameter is not valid, no judge was given, or one fails the known question.
    """
    made = attack_dataset if attacks else study_dataset
    dataset = made(split=split, scenarios=scenarios, limit_items=limit_items)
    graders = required_graders()
    if preflight:
        ask_known_question(graders)
    first = str((dataset[0].metadata or {})["scenario"])
    name, metric = ("attacked", "moved") if attacks else ("judge_study", f"{first} kappa")
    columns = [TaskSamplesColumn(id="sampleId"), TaskSamplesColumn.score(name), TaskSamplesColumn(id="answer")]
    return Task(
        dataset=dataset,
        solver=as_written(),
        scorer=attacked() if attacks else study_score(),
        model="none/none",
        fail_on_error=False,
        headline_metric=HeadlineMetric(scorer=name, metric=metric),
        viewer=ViewerConfig(trust_content=False, task_samples_view=TaskSamplesView(name="Episodes", columns=columns)),
        version="1-A",
        metadata=study_provenance(split, attacks=attacks),
    )
