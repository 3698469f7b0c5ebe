"""The exact interval of a rate, by which episodes are stopped and which is reported afterwards."""

from functools import lru_cache


@lru_cache(maxsize=100_000)
def exact_interval(harmful: int, episodes: int, confidence: float) -> tuple[float, float]:
    """Return the exact interval of a rate (Clopper and Pearson 1934).

    Args:
        harmful: How many of the episodes are harmful.
        episodes: How many episodes, at least one.
        confidence: Its confidence in a sample whose size was fixed.
    """
    from statsmodels.stats.proportion import proportion_confint  # takes seconds to import

    low, high = proportion_confint(harmful, episodes, alpha=1 - confidence, method="beta")
    return float(low), float(high)
