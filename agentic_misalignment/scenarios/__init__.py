"""Scenarios, worlds, factors and experiments, and their rendering into episodes. No framework."""

from agentic_misalignment.scenarios.condition import NOT_APPLICABLE, Condition
from agentic_misalignment.scenarios.episode import Episode, RenderedMail
from agentic_misalignment.scenarios.experiment import Experiment, conditions, experiment, experiment_names
from agentic_misalignment.scenarios.factor import Factor, Level, factors
from agentic_misalignment.scenarios.facts import EpisodeFacts, OpenChore
from agentic_misalignment.scenarios.rendering import render_episode
from agentic_misalignment.scenarios.scenario import Scenario, scenario, scenario_names
from agentic_misalignment.scenarios.text import Line, Text
from agentic_misalignment.scenarios.world import World

__all__ = [
    "NOT_APPLICABLE",
    "Condition",
    "Episode",
    "EpisodeFacts",
    "Experiment",
    "Factor",
    "Level",
    "Line",
    "OpenChore",
    "RenderedMail",
    "Scenario",
    "Text",
    "World",
    "conditions",
    "experiment",
    "experiment_names",
    "factors",
    "render_episode",
    "scenario",
    "scenario_names",
]
