"""Limits of the runs: what is missing, and what was mixed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from agentic_misalignment.analysis.report.limits.data import Limit
from agentic_misalignment.analysis.report.material import LogFile, Material
from agentic_misalignment.analysis.report.words import listed, several


def run_limits(material: Material) -> Iterator[Limit]:
    """Find the limits of what was run."""
    if material.left_out:
        count = len(material.left_out)
        yield Limit("left_out", {"files": several(count, "log file"), "one": count == 1})
    ended = Counter(log.header.status for log in material.logs if log.header.status != "success")
    if ended:
        how = ", ".join(f"{status} {count}" for status, count in sorted(ended.items()))
        yield Limit("not_ended", {"runs": several(ended.total(), "run"), "how": how})
    missing = sum(map(_missing, material.logs))
    if missing:
        yield Limit("missing_episodes", {"episodes": several(missing, "episode"), "one": missing == 1})
    yield from _mixed(material)
    dirty = [log for log in material.logs if (found := log.header.eval.revision) and found.dirty]
    if dirty:
        yield Limit("changed_checkout", {"logs": several(len(dirty), "log")})


def _missing(log: LogFile) -> int:
    """Count the episodes that were planned and stand in no log, but for those that early stopping left out."""
    results = log.header.results
    if results is None or results.early_stopping:
        return 0
    return max(0, results.total_samples - log.episodes)


def _mixed(material: Material) -> Iterator[Limit]:
    judged: dict[str, set[tuple[str, str]]] = defaultdict(set)
    setups: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for group in material.groups:
        if group.judge:
            judged[group.scenario].add((group.judge, group.rubric_hash))
        setups[group.model, group.scenario, group.condition, group.judge].add(group.setup)
    by_task: dict[str, set[str]] = defaultdict(set)
    for log in material.logs:
        by_task[log.header.eval.task.rpartition("/")[2]].add(str(log.header.eval.task_version))
    for task, found in sorted(by_task.items()):
        if len(found) > 1:
            yield Limit("mixed_versions", {"task": task, "versions": listed(sorted(found))})
    for name, pairs in sorted(judged.items()):
        if len(pairs) > 1:
            yield Limit("mixed_rubrics", {"scenario": name, "count": len(pairs)})
    data = {group.data_hash for group in material.groups}
    if len(data) > 1:
        yield Limit("mixed_data", {"hashes": listed(sorted(data))})
    apart = sum(len(found) > 1 for found in setups.values())
    if apart:
        yield Limit("mixed_setups", {"count": several(apart, "arm was run", "arms were run")})
    yield from _packages(material.logs)


def _packages(logs: Iterable[LogFile]) -> Iterator[Limit]:
    own = {str((log.header.eval.metadata or {}).get("package_version")) for log in logs}
    inspect = {str(log.header.eval.packages.get("inspect_ai")) for log in logs}
    for what, versions in (("this package", own), ("Inspect", inspect)):
        if len(versions) > 1:
            yield Limit("mixed_packages", {"what": what, "versions": listed(sorted(versions))})
