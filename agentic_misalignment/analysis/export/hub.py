"""Results and data for the Hugging Face Hub: result files of models, and the folder of the benchmark's data set."""

from collections.abc import Sequence
from pathlib import Path

from agentic_misalignment.analysis.export.croissant import write_croissant
from agentic_misalignment.analysis.export.frame import Publication
from agentic_misalignment.analysis.export.hub_card import write_card, write_eval
from agentic_misalignment.analysis.export.hub_dataset import write_rows
from agentic_misalignment.analysis.export.hub_results import write_results


def hub(publication: Publication, folder: Path) -> Sequence[Path]:
    """Write `hub/results/<model>/.eval_results/*.yaml` and `hub/dataset/`.

    Results are written for models that have a repository on the Hub, from runs of public seeds under the headline
    condition, which is what the data set holds. The data set is rendered by the package; it holds nothing of a log.

    Args:
        publication: What is published.
        folder: The root of the export.

    Returns:
        The files that were written.

    Raises:
        SuiteError: If a model has a repository and the data set has none, or there is no address of the data set.
    """
    root = folder / "hub" / "dataset"
    tables = write_rows(root, publication.canary)
    card = write_card(root, publication, tables)
    results = write_results(folder / "hub" / "results", publication)
    return [
        *(table.path for table in tables),
        card,
        write_eval(root, publication.canary, tables),
        write_croissant(root, publication, tables),
        *results,
    ]
