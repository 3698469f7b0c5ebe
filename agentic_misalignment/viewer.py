"""How the log viewer shows a run."""

from inspect_ai.viewer import TaskSamplesColumn, TaskSamplesView, ViewerConfig


def episode_viewer(score: str, *beside: str) -> ViewerConfig:
    """Return the viewer's columns for a task of episodes.

    Model output is shown as plain text: it is an exhibit and may hold anything.

    Args:
        score: Name of the headline score.
        *beside: Names of scores that stand beside it.
    """
    columns = [
        TaskSamplesColumn(id="sampleId"),
        *(TaskSamplesColumn.score(name) for name in (score, *beside)),
        TaskSamplesColumn.score("status"),
        TaskSamplesColumn(id="answer"),
        TaskSamplesColumn(id="limit"),
        TaskSamplesColumn(id="error"),
        *(TaskSamplesColumn(id=name, visible=False) for name in ("input", "target", "tokens", "duration")),
    ]
    return ViewerConfig(
        trust_content=False,
        task_samples_view=TaskSamplesView(name="Episodes", columns=columns, multiline=False),
    )
