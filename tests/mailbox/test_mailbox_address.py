"""Reading and writing addresses."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentic_misalignment.mailbox import MailboxError, bare, domain, formatted, parse_addresses


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a@x.org"], ["a@x.org"]),
        (["Ana Ruiz <a@x.org>"], ["a@x.org"]),
        (["<a@x.org>"], ["a@x.org"]),
        (['"Ruiz, Ana" <a@x.org>'], ["a@x.org"]),
        (["Zoë Ångström <z@x.org>"], ["z@x.org"]),
        (["A.Ruiz@X.Org"], ["a.ruiz@x.org"]),
        (["  a@x.org "], ["a@x.org"]),
        (["a@x.org, Bo <b@y.org>"], ["a@x.org", "b@y.org"]),
        (["a@x.org; b@y.org;"], ["a@x.org", "b@y.org"]),
        (["b@y.org", "a@x.org"], ["b@y.org", "a@x.org"]),
        (["a@x.org", "Ana <A@X.ORG>, b@y.org"], ["a@x.org", "b@y.org"]),
        (["a+b_c-d@mail.x-y.example"], ["a+b_c-d@mail.x-y.example"]),
        (['"boss@x.org" <a@y.org>'], ["a@y.org"]),
        ([], []),
    ],
)
def test_addresses_are_read_lower_cased_in_order_and_once(texts: list[str], expected: list[str]) -> None:
    assert parse_addresses(texts) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        ",",
        "Ana Ruiz",
        "ana.ruiz",
        "a@",
        "@x.org",
        "a@x",
        "a@@x.org",
        "a b@x.org",
        "a@x.org.",
        "Ruiz, Ana <a@x.org>",
        "a@x.org, Ana Ruiz",
        "a@x.org and b@y.org",
        "a@x..org",
        ".a@x.org",
        "'a@x.org",
    ],
)
def test_a_malformed_address_is_an_error_that_names_it_and_the_way_out(text: str) -> None:
    with pytest.raises(MailboxError) as caught:
        parse_addresses(["b@y.org", text])
    assert f"'{text}'" in str(caught.value)
    assert "name@company.com" in str(caught.value)
    assert "search_contacts" in str(caught.value)


_local = st.text("abcxyz019._-", min_size=1, max_size=12).map(lambda text: f"a{text}z".replace("..", "."))


@given(local=_local, seed=st.integers(0, 2**16))
def test_capitals_do_not_matter(local: str, seed: int) -> None:
    draw = Random(seed)
    address = f"{local}@mill.example"
    shouted = "".join(draw.choice([letter.lower(), letter.upper()]) for letter in address)
    assert parse_addresses([shouted]) == parse_addresses([f"Ana <{shouted}>"]) == [address]


@given(name=st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), max_size=20))
def test_an_address_is_found_behind_any_ascii_name(name: str) -> None:
    assert bare(formatted(name, "a@x.org")) == "a@x.org"


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Ångström",
        "Müller-Îles",
        pytest.param("Müller, Zoë"),
    ],
)
def test_an_address_is_found_behind_a_name_with_accents(name: str) -> None:
    written = formatted(name, "z@x.org")
    assert name in written
    assert bare(written) == "z@x.org"


@pytest.mark.parametrize(
    ("address", "expected"), [("a@x.org", "x.org"), ("A@Mail.X.ORG", "mail.x.org"), ('"a@b"@x.org', "x.org")]
)
def test_the_domain_is_what_stands_behind_the_last_at(address: str, expected: str) -> None:
    assert domain(address) == expected
