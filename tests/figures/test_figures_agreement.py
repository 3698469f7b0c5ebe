"""Agreement: tables by hand, published figures, and what statsmodels says of the same counts."""

import math
from itertools import product
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from agentic_misalignment.figures.agreement import (
    Confusion,
    Estimate,
    kappa,
    krippendorff_alpha,
    pairwise_agreement,
    sensitivity,
    share,
    specificity,
)

counts = st.integers(0, 60)
confusions = st.builds(Confusion, tp=counts, fp=counts, fn=counts, tn=counts)
ratings = st.integers(2, 4).flatmap(
    lambda raters: st.lists(
        st.lists(st.sampled_from(["a", "b", "c", None]), min_size=raters, max_size=raters), max_size=12
    )
)


def unknown(estimate: Estimate) -> bool:
    return all(map(math.isnan, (estimate.value, estimate.low, estimate.high)))


def in_order(estimate: Estimate) -> bool:
    return estimate.low <= estimate.value <= estimate.high


def swapped(confusion: Confusion) -> Confusion:
    return Confusion(tp=confusion.tp, fp=confusion.fn, fn=confusion.fp, tn=confusion.tn)


def test_pairs_are_counted_by_truth_and_judgement() -> None:
    pairs = [(True, True), (True, True), (False, True), (True, False), (False, False), (False, False), (False, False)]
    assert Confusion.of(pairs) == Confusion(tp=2, fp=1, fn=1, tn=3)
    assert Confusion.of(pairs).n == 7
    assert Confusion.of([]).n == 0


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        # z = 1.96, z^2 = 3.8415. Centre (0.5 + 3.8415 / 200) / 1.038415 = 0.5; half width
        # 1.96 * sqrt(0.25 / 100 + 3.8415 / 40000) / 1.038415 = 1.96 * 0.050951 / 1.038415 = 0.09617.
        pytest.param(50, 100, 0.40383, 0.59617, id="a half"),
        # 0 of n: from 0 to z^2 / (n + z^2) = 3.8415 / 103.8415.
        pytest.param(0, 100, 0.0, 0.03699, id="none"),
        pytest.param(100, 100, 0.96301, 1.0, id="all"),
        # 3.8415 / 4.8415
        pytest.param(0, 1, 0.0, 0.79345, id="one item"),
    ],
)
def test_a_share_by_hand(count: int, n: int, low: float, high: float) -> None:
    found = share(count, n)
    assert (found.value, found.low, found.high) == pytest.approx((count / n, low, high), abs=2e-5)
    assert found.n == n


def test_a_share_of_nothing_is_unknown() -> None:
    assert unknown(share(0, 0))
    assert share(0, 0).n == 0


@pytest.mark.parametrize(("count", "n"), [(3, 2), (-1, 2)])
def test_more_than_all_is_no_share(count: int, n: int) -> None:
    with pytest.raises(ValueError, match=f"{count} of {n}"):
        share(count, n)


@given(st.integers(1, 500), st.data())
def test_a_share_lies_in_its_interval(n: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, n))
    found = share(count, n)
    assert in_order(found)
    assert 0 <= found.low < found.high <= 1
    assert (found.low, found.high) == pytest.approx(proportion_confint(count, n, method="wilson"))


def test_sensitivity_and_specificity_by_hand() -> None:
    table = Confusion(tp=18, fp=5, fn=2, tn=75)
    assert sensitivity(table) == share(18, 20)
    assert specificity(table) == share(75, 80)


def test_a_class_without_items_has_no_share() -> None:
    only_true = Confusion(tp=3, fp=0, fn=1, tn=0)
    assert sensitivity(only_true).value == 0.75
    assert unknown(specificity(only_true))
    assert unknown(sensitivity(Confusion(tp=0, fp=1, fn=0, tn=3)))


def test_kappa_by_hand() -> None:
    # Agreement 35 / 50 = 0.7. By chance: 25 / 50 * 30 / 50 + 25 / 50 * 20 / 50 = 0.5. Kappa 0.2 / 0.5.
    # Wilson of 35 of 50: (0.7 + 0.038415) / 1.076830 = 0.685731, half width
    # 1.96 * sqrt(0.21 / 50 + 3.8415 / 10000) / 1.076830 = 0.123234. Mapped: (0.562497 - 0.5) / 0.5 and
    # (0.808965 - 0.5) / 0.5.
    found = kappa(Confusion(tp=20, fp=10, fn=5, tn=15))
    assert (found.value, found.low, found.high) == pytest.approx((0.4, 0.12499, 0.61793), abs=2e-5)
    assert found.n == 50


def test_perfect_agreement_of_a_few_is_not_certain() -> None:
    # Chance 0.5. Wilson of 10 of 10: from 10 / 13.8415 = 0.722467; mapped 0.444934. By the standard error: 1 to 1.
    found = kappa(Confusion(tp=5, fp=0, fn=0, tn=5))
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.444934, abs=1e-5)


def test_perfect_disagreement_is_minus_1_and_no_less() -> None:
    found = kappa(Confusion(tp=0, fp=5, fn=5, tn=0))
    assert (found.value, found.low) == (-1.0, -1.0)
    # Chance 0.9802; the Wilson limit of 98 of 100, 0.93, would be mapped to -2.5.
    assert kappa(Confusion(tp=0, fp=1, fn=1, tn=98)).low == -1.0


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(Confusion(tp=0, fp=0, fn=0, tn=0), id="no items"),
        pytest.param(Confusion(tp=7, fp=0, fn=0, tn=0), id="all true"),
        pytest.param(Confusion(tp=0, fp=0, fn=0, tn=100), id="none true"),
    ],
)
def test_kappa_without_two_classes_is_unknown(table: Confusion) -> None:
    assert unknown(kappa(table))
    assert kappa(table).n == table.n


def test_kappa_of_a_judge_that_gives_one_answer_is_0() -> None:
    # Agreement 6 / 10; by chance 6 / 10 * 1 + 4 / 10 * 0.
    assert kappa(Confusion(tp=6, fp=4, fn=0, tn=0)).value == 0.0


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # its standard error may be 0 / 0
@given(confusions)
def test_kappa_is_that_of_statsmodels(table: Confusion) -> None:
    found = kappa(table)
    assume(not math.isnan(found.value))
    expected = cohens_kappa([[table.tp, table.fn], [table.fp, table.tn]]).kappa
    assert found.value == pytest.approx(expected, abs=1e-9)


@given(confusions)
def test_kappa_lies_in_its_interval_and_does_not_ask_who_judges_whom(table: Confusion) -> None:
    found = kappa(table)
    assume(not math.isnan(found.value))
    assert in_order(found)
    assert -1 <= found.low < found.high <= 1
    assert kappa(swapped(table)) == found


def test_pairwise_agreement_by_hand() -> None:
    found = pairwise_agreement([["a", "a", None], ["a", "b", "b"], ["b", "b", "b"], [None, "a", None]])
    # First and second: items 1 to 3, two agree. First and third: items 2 and 3, one. Second and third: 2 and 3, both.
    assert found == {(0, 1): share(2, 3), (0, 2): share(1, 2), (1, 2): share(2, 2)}


def test_raters_without_a_common_item_have_no_agreement() -> None:
    assert unknown(pairwise_agreement([["a", None], [None, "a"]])[0, 1])


def test_no_items_have_no_pairs_of_raters() -> None:
    assert pairwise_agreement([]) == {}


def test_items_have_the_same_raters() -> None:
    with pytest.raises(ValueError, match="shorter"):
        pairwise_agreement([["a", "b"], ["a"]])


@given(ratings)
def test_agreement_is_the_same_from_either_side(items: list[list[str | None]]) -> None:
    found = pairwise_agreement(items)
    raters = len(items[0]) if items else 0
    turned = pairwise_agreement([item[::-1] for item in items])
    for (i, j), estimate in found.items():
        other = turned[raters - 1 - j, raters - 1 - i]
        assert estimate == other or (unknown(estimate) and unknown(other))
        assert in_order(estimate) or estimate.n == 0


def test_krippendorffs_published_example() -> None:
    # Krippendorff (2011), Computing Krippendorff's alpha-reliability, section C: 4 observers, 12 units, missing data.
    observers = [
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    ]
    labels = [[None if label == "." else label for label in observer.split()] for observer in observers]
    assert krippendorff_alpha(list(zip(*labels, strict=True))) == pytest.approx(0.743, abs=5e-4)


def test_alpha_by_hand() -> None:
    # Two raters, items aa, ab, bb: 6 labels, 3 of each. Disagreement 2 / 6; by chance 2 * 3 * 3 / (6 * 5) = 0.6.
    assert krippendorff_alpha([["a", "a"], ["a", "b"], ["b", "b"]]) == pytest.approx(1 - (1 / 3) / 0.6)


@pytest.mark.parametrize(
    "items",
    [
        pytest.param([], id="no items"),
        pytest.param([["a", None], [None, "b"], [None, None]], id="nothing to compare"),
        pytest.param([["a", "a"], ["a", "a"]], id="one label"),
        pytest.param([["a", "a"], ["b", None]], id="one label among the compared"),
    ],
)
def test_alpha_without_two_labels_is_unknown(items: list[list[str | None]]) -> None:
    assert math.isnan(krippendorff_alpha(items))


@given(ratings, st.randoms(use_true_random=False))
def test_alpha_does_not_ask_who_rated(items: list[list[str | None]], random: Random) -> None:
    order = list(range(len(items[0]) if items else 0))
    random.shuffle(order)
    found = krippendorff_alpha(items)
    assume(not math.isnan(found))
    assert found <= 1
    assert krippendorff_alpha([[item[place] for place in order] for item in items]) == pytest.approx(found)


def test_alpha_is_1_for_raters_who_agree_on_two_labels() -> None:
    assert krippendorff_alpha([[label] * 3 for label, _ in product("ab", range(4))]) == 1.0
