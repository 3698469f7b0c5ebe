"""What was run: the head of the page."""

from collections.abc import Iterable

from agentic_misalignment.analysis.report.blocks import Facts, Paragraph, Section, present
from agentic_misalignment.analysis.report.material import Material
from agentic_misalignment.analysis.report.words import listed, several
from agentic_misalignment.scenarios import scenario


def run_section(material: Material) -> Section:
    """Make the section that says what was run."""
    return Section(
        id="run",
        heading="What was run",
        blocks=present(Paragraph(_questions(material)), Facts(tuple(_facts(material)))),
    )


def scenarios_of(material: Material) -> list[str]:
    """Return the scenarios of the episodes, sorted."""
    return sorted({group.scenario for group in material.groups})


def _questions(material: Material) -> str:
    questions = " ".join(f"{scenario(name).about.title}: {_lowered(name)}" for name in scenarios_of(material))
    return f"An AI model works as the e-mail agent of a fictional company. {questions}"


def _lowered(name: str) -> str:
    question = scenario(name).about.question
    return question[0].lower() + question[1:]


def _facts(material: Material) -> Iterable[tuple[str, str]]:
    metadata = [episode.sample.metadata for episode in material.episodes]
    experiments = sorted({str((log.header.eval.metadata or {}).get("experiment")) for log in material.logs})
    valid = sum(rate.statuses["valid"] for rate in material.rates)
    yield "Models", f"{len(material.models)}: {listed(material.models)}"
    yield "Scenarios", listed([name.replace("_", " ") for name in scenarios_of(material)])
    yield "Experiments", listed(experiments)
    yield "Worlds", str(len({str(each["world"]) for each in metadata}))
    yield "Conditions", str(len({(group.scenario, group.condition) for group in material.groups}))
    yield "Episodes", f"{several(len(metadata), 'episode')}, {valid} of them valid"
    yield "Judges", listed(material.judges) if material.judges else "none"
    yield "Runs", f"{several(len(material.logs), 'log')}, begun {_days(material)}"


def _days(material: Material) -> str:
    days = sorted({log.header.eval.created[:10] for log in material.logs})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
