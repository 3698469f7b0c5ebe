"""Why a rate stands without a correction for the errors of its judge."""

import math
from collections.abc import Sequence

from agentic_misalignment.analysis.judge_study import StudyResult
from agentic_misalignment.analysis.rates import Rate
from agentic_misalignment.analysis.table import corrected_for, study_of
from agentic_misalignment.judging import rubric


def uncorrected(rate: Rate, studies: Sequence[StudyResult]) -> str | None:
    """Say why a rate is not corrected; `None` if it is, or if no verdict of a judge is in it.

    Args:
        rate: The rate.
        studies: Results of judge studies.
    """
    group, found = rate.group, corrected_for(rate, studies)
    if found is not None and not math.isnan(found.value):
        return None
    if rubric(group.scenario).apart:
        return f"rates of {group.scenario} are not corrected, since misreadings are counted apart from them"
    judge = f"{group.judge or 'nobody'} on rubric {group.scenario} {group.rubric_hash or 'unknown'}"
    if study_of(rate, studies) is None:
        return f"no study given is of {judge}: no correction"
    if rate.judged[1]:
        return f"the study of {judge} does not show it to be better than chance: no correction"
    return None
