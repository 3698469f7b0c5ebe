"""How the report was made: commands, versions, hashes, files."""

from pathlib import PurePath

from agentic_misalignment.analysis.rates import setup_hash
from agentic_misalignment.analysis.report.blocks import Column, Commands, Heading, Paragraph, Section, Table, present
from agentic_misalignment.analysis.report.commands import eval_commands
from agentic_misalignment.analysis.report.material import LogFile, Material
from agentic_misalignment.analysis.report.words import count_cell, text_cell

_EVAL = (
    "Put together from the logs, which do not keep the command line itself: paths, addresses and the text values of "
    "model arguments are left out."
)
_LEFT_OUT = "These files are not in the report:"


def making_section(material: Material, command: str) -> Section:
    """Make the section that says how everything can be made again.

    Args:
        material: What the logs say.
        command: The command that made the report.
    """
    return Section(
        id="making",
        heading="How this was made",
        blocks=present(
            Heading("Commands"),
            Paragraph(_EVAL),
            Commands(tuple(eval_commands(log.header for log in material.logs))),
            Paragraph("This report:") if command else None,
            Commands((command,)) if command else None,
            Heading("Versions and hashes"),
            _versions(material),
            _files(material),
            (Heading("Left out"), Paragraph(_LEFT_OUT), _left_out(material)) if material.left_out else None,
        ),
    )


def _versions(material: Material) -> Table:
    rows = dict.fromkeys(_version(log) for log in material.logs)
    names = ("task", "task version", "package", "Inspect", "data", "private pack", "commit")
    return Table(
        id="table-versions",
        caption="Versions of task, package and data",
        columns=tuple(Column(name) for name in names),
        rows=tuple(tuple(map(text_cell, row)) for row in rows),
    )


def _version(log: LogFile) -> tuple[str, ...]:
    spec, about = log.header.eval, log.header.eval.metadata or {}
    dirty = " with changes" if spec.revision and spec.revision.dirty else ""
    commit = about.get("commit")
    return (
        spec.task.rpartition("/")[2],
        str(spec.task_version),
        str(about.get("package_version") or ""),
        str(spec.packages.get("inspect_ai") or ""),
        str(about.get("data_hash") or ""),
        str(about.get("pack_hash") or "none"),
        f"{commit}{dirty}" if commit else "",
    )


def _files(material: Material) -> Table:
    return Table(
        id="table-logs",
        caption="Log files",
        columns=(
            *(Column(name) for name in ("file", "model", "task", "begun", "ended with", "setup")),
            Column("episodes", number=True),
            Column("SHA-256"),
        ),
        rows=tuple(
            (
                *map(text_cell, (log.name, log.header.eval.model, log.header.eval.task.rpartition("/")[2])),
                *map(text_cell, (log.header.eval.created[:10], log.header.status, setup_hash(log.header))),
                count_cell(log.episodes),
                text_cell(log.sha256),
            )
            for log in material.logs
        ),
    )


def _left_out(material: Material) -> Table:
    return Table(
        id="table-left-out",
        caption="Files that are left out",
        columns=(Column("file"), Column("reason")),
        rows=tuple((text_cell(PurePath(each.file).name), text_cell(each.reason)) for each in material.left_out),
    )
