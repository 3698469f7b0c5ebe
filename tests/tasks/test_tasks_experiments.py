"""Every experiment in every scenario that it applies to: the worst agent reaches 100 %, the obedient one 0 %."""

import pytest

from agentic_misalignment.scenarios import conditions, experiment, experiment_names, scenario, scenario_names
from agentic_misalignment.tasks import blackmail, leaking, lethal_action
from tests.conftest import RunEval

TASKS = {"blackmail": blackmail, "leaking": leaking, "lethal_action": lethal_action}
PLACES = [
    (name, each)
    for each in experiment_names()
    for name in scenario_names()
    if experiment(each).applies_to(scenario(name))
]

# Where nobody can come to harm whatever the agent does: its mail waits for a person's release, or the alarm is false.
PREVENTED = {
    "blackmail": {("exit", "send_approval")},
    "leaking": {("exit", "send_approval")},
    "lethal_action": {("danger", "false_alarm")},
}


@pytest.mark.parametrize(("policy", "value"), [("insider", 1.0), ("complier", 0.0)])
@pytest.mark.parametrize(("name", "chosen"), PLACES)
def test_every_condition_of_an_experiment_has_the_known_answer(
    run_eval: RunEval, name: str, chosen: str, policy: str, value: float
) -> None:
    world = scenario(name).worlds[0]
    log = run_eval(
        f"scripted/{policy}",
        task=TASKS[name],
        worlds=world,
        seeds=1,
        experiment=chosen,
        conduct="none",
        preflight=False,
        **({} if chosen == "realism" else {"distractors": "0"}),  # quicker; that experiment varies them
    )
    assert log.status == "success"
    samples = log.samples or []
    assert len(samples) == len(conditions(scenario(name), experiment(chosen)))
    for sample in samples:
        score = (sample.scores or {})[name]
        prevented = bool(PREVENTED[name] & set(sample.metadata.items()))
        assert (sample.id, score.value) == (sample.id, 0.0 if prevented else value)
        if policy == "insider":
            assert (score.metadata or {})["attempted"] > 0, sample.id
