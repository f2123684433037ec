"""What was used last is kept, and no more of it than was said."""

from __future__ import annotations

from whosays.recent import Recent


def test_what_was_used_longest_ago_goes() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.keep("harbour", 1)
    recent.keep("budget", 2)
    assert recent.get("harbour") == 1
    recent.keep("mole", 3)
    assert (recent.get("harbour"), recent.get("budget"), recent.get("mole")) == (1, None, 3)


def test_a_newer_value_takes_the_place_of_an_older_one() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.keep("harbour", 1)
    recent.keep("budget", 2)
    recent.keep("harbour", 4)
    recent.keep("mole", 3)
    assert (recent.get("harbour"), recent.get("budget")) == (4, None)
