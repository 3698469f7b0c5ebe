"""Checks an eval set against Hawk's own schema, in Hawk's environment: check_hawk.py FILE… Ends with 1 at a fault.

The schema alone lets misspelt keys pass: they are dropped, or handed to Inspect, which ends the run in the cluster. So
what `hawk eval-set run` warns about is a fault here, and so is a setting that Hawk sets itself.
"""

import sys
from pathlib import Path

import pydantic
import ruamel.yaml
from hawk.cli.util.model import get_extra_field_notices, get_ignored_field_notices
from hawk.core.types.evals import EvalSetConfig, EvalSetInfraConfig


def faults(file: Path) -> list[str]:
    """Return what Hawk would refuse, ignore or trip over."""
    data = ruamel.yaml.YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    try:
        config = EvalSetConfig.model_validate(data)
    except pydantic.ValidationError as error:
        return [f"{'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in error.errors()]
    notices = [*get_extra_field_notices(config), *get_ignored_field_notices(data, config.model_dump())]
    # Hawk passes both its own value and ours to eval_set(), which is a TypeError in the cluster.
    twice = sorted((config.model_extra or {}).keys() & EvalSetInfraConfig.model_fields.keys())
    return [*(notice.message for notice in notices), *(f"{key}: Hawk sets this itself" for key in twice)]


if __name__ == "__main__":
    bad = False
    for name in sys.argv[1:]:
        found = faults(Path(name))
        bad = bad or bool(found)
        print("\n".join(f"{name}: {fault}" for fault in found or ["valid for Hawk"]))
    sys.exit(bad)
