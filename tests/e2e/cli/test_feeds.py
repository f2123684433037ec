"""`whosays feeds`, `poll`, `remove` and `sources`, with the real models, over real HTTP on this machine."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.cli.conftest import Whosays, subprocess_of
from tests.e2e.feed_site import Item, Site, rss, serving_apart
from tests.patience import PATIENCE, wait_until
from whosays.feeds import Feed
from whosays.parts import open_feeds


@pytest.fixture
def environment(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("WHOSAYS_FETCH_LOCAL", "1")
    return {**environment, "WHOSAYS_FETCH_LOCAL": "1"}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_apart(Site()) as site:
        yield site


def feed_of(site: Site, count: int = 1, path: str = "/feed") -> str:
    """Serve a feed of so many articles."""
    items = [
        Item(
            url=site.page(f"/{number}", f"Bridge {number} falls"),
            title=f"Bridge {number} falls",
            id=str(number),
            published=datetime.now(UTC) - timedelta(hours=number + 1),
        )
        for number in range(count)
    ]
    return site.feed(path, rss(items))


def test_a_feed_is_added_read_shown_and_let_go(whosays: Whosays, site: Site) -> None:
    url = feed_of(site)
    ran = whosays("feeds", "add", url)
    assert (ran.code, ran.out) == (0, f"{url}: added: Orsel Gazette\n")
    assert "known already" in whosays("feeds", "add", url).out
    assert "not read yet" in whosays("feeds").out
    ran = whosays("poll", "--once")
    assert (ran.code, ran.out) == (0, "1 feeds read, 1 added, 0 changed\n")
    listed = whosays("feeds").out
    assert f"{url}  Orsel Gazette\n" in listed
    assert "newest entry 60 min ago" in listed
    [row] = whosays("feeds", "--json").rows
    assert (row["url"], row["title"], row["failures"], row["ended"]) == (url, "Orsel Gazette", 0, False)
    sources = whosays("sources").out
    assert "Orsel Gazette: 1 article" in sources
    assert "Orsel Gazette: read" in sources
    assert "Nobody had warned us of it" in whosays("summary", f"{site.url}/0").out
    assert whosays("feeds", "remove", url).out == f"{url}: removed\n"
    ran = whosays("feeds", "remove", url)
    assert (ran.code, "no such feed" in ran.out) == (1, True)


def test_what_cannot_be_read_is_told_with_its_reason(whosays: Whosays, site: Site) -> None:
    site.fails("/broken", 500)
    with_dead = rss([Item(url=site.url + "/dead", title="Ferry sinks", id="1")])
    urls = [site.feed("/feed", with_dead), site.url + "/broken"]
    site.feed("/garbage", "<html>no feed</html>", "text/html")
    ran = whosays("feeds", "add", urls[0], urls[1], site.url + "/garbage", "gazette.example")
    assert ran.code == 1
    assert "500" in ran.out
    assert "gazette.example: refused: " in ran.out
    site.feed("/broken", with_dead)
    whosays("feeds", "add", urls[1])
    site.fails("/broken", 500)
    ran = whosays("poll", "--once")
    assert ran.code == 1
    assert "1 feeds failed" in ran.out
    assert f"{site.url}/broken: feeds failed: {site.url}/broken answered 500" in ran.out
    assert f"{site.url}/dead: dead links: " in ran.out
    assert "failed once: " in whosays("feeds").out


def test_a_page_that_names_a_feed_will_do(whosays: Whosays, site: Site) -> None:
    url = feed_of(site)
    site.page("/", "The Orsel Gazette", head="<link rel='alternate' type='application/rss+xml' href='/feed'>")
    ran = whosays("feeds", "add", site.url + "/")
    assert (ran.code, f"({url})" in ran.out) == (0, True)


def test_lists_of_feeds_come_in_and_go_out(whosays: Whosays, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = whosays("feeds", "starter")
    assert ran.code == 0
    added = int(ran.out.split()[0])
    assert added > 15
    assert whosays("feeds", "starter").out == f"0 added, {added} known already, 0 refused\n"
    file = tmp_path / "mine.opml"
    assert whosays("feeds", "export", file).out == f"{added} feeds written\n"
    assert whosays("feeds", "export", "-").out.startswith("<?xml")
    monkeypatch.setenv("WHOSAYS_STORE", f"sqlite:///{tmp_path}/other.db")
    assert whosays("feeds", "import", file).out == f"{added} added, 0 known already, 0 refused\n"
    assert len({row["url"] for row in whosays("feeds", "--json").rows}) == added
    assert whosays("feeds", "import", tmp_path / "missing.opml").code == 2
    (tmp_path / "no.opml").write_text("no list", "utf-8")
    assert whosays("feeds", "import", tmp_path / "no.opml").code == 1


def test_links_of_a_list_that_lead_into_this_network_are_refused(
    whosays: Whosays, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHOSAYS_FETCH_LOCAL", "0")
    file = tmp_path / "mine.opml"
    outlines = "<outline xmlUrl='http://169.254.169.254/feed'/><outline xmlUrl='https://gazette.example/feed'/>"
    file.write_text(f"<opml version='2.0'><body>{outlines}</body></opml>", "utf-8")
    ran = whosays("feeds", "import", file)
    assert ran.code == 1
    assert "169.254.169.254" in ran.out
    assert "1 added, 0 known already, 1 refused" in ran.out


@pytest.mark.parametrize("arguments", [["add"], ["remove"], ["list", "more"], ["export", "a", "b"], ["frobnicate"]])
def test_a_command_that_makes_no_sense_says_so(whosays: Whosays, arguments: list[str]) -> None:
    assert whosays("feeds", *arguments).code == 2


def test_an_article_is_removed_with_all_that_hangs_on_it_and_no_feed_brings_it_again(whosays: Whosays, site: Site) -> None:
    url = feed_of(site, 2)
    whosays("feeds", "add", url)
    whosays("poll", "--once")
    ran = whosays("remove", f"{site.url}/0?utm_source=rss", "nothing")
    assert ran.code == 1
    assert f"{site.url}/0?utm_source=rss: removed" in ran.out
    assert "nothing: refused: the store holds no such article" in ran.out
    assert "1 article" in whosays("sources").out
    site.feed("/feed", rss([Item(url=f"{site.url}/0", title="Bridge 0 falls after all", id="0")]))
    whosays("feeds", "now", url)
    ran = whosays("poll", "--once")
    assert "0 added" in ran.out
    assert "1 article" in whosays("sources").out


def test_articles_that_are_taken_back_are_listed(whosays: Whosays, site: Site) -> None:
    url = feed_of(site)
    whosays("feeds", "add", url)
    whosays("poll", "--once")
    site.feed("/feed", rss([Item(url=f"{site.url}/0", title="RETRACTED: Bridge 0 falls", id="0")]))
    whosays("feeds", "now", url)
    assert "1 withdrawn" in whosays("poll", "--once").out
    assert "1 withdrawn by their outlets" in whosays("feeds").out
    [row] = whosays("feeds", "withdrawn", "--json").rows
    assert (row["article"], row["title"]) == (f"{site.url}/0", "Bridge 0 falls")
    assert "RETRACTED" in whosays("feeds", "withdrawn").out


def polling(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command, variables = subprocess_of(environment, "-m", "whosays", "poll", *arguments)
    return subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until_asked(site: Site, path: str, times: int = 1) -> None:
    wait_until(lambda: site.asked[path] >= times)


def test_a_poller_that_is_killed_at_any_moment_loses_nothing(whosays: Whosays, site: Site, environment: dict[str, str]) -> None:
    url = feed_of(site, 8)
    whosays("feeds", "add", url)
    for kill in range(1, 4):
        process = polling(environment)
        until_asked(site, f"/{2 * kill - 2}")
        time.sleep(0.15 * kill)
        process.kill()
        process.communicate()
    ran = whosays("poll", "--once")
    assert ran.code == 0, ran.out
    [outlets] = whosays("sources", "--json").rows
    assert [outlet["articles"] for outlet in outlets] == [8]
    # The feed once by `add`, once by the first poller; of pages at most what was at hand is asked for again.
    assert site.asked["/feed"] == 2
    assert sum(site.asked[f"/{number}"] for number in range(8)) <= 8 + 3


def test_a_poller_stops_when_told_and_when_whoever_started_it_is_gone(site: Site, environment: dict[str, str]) -> None:
    url = feed_of(site)
    feeds = open_feeds(environment["WHOSAYS_STORE"])
    with polling(environment) as process:
        feeds.add(Feed(url=url, added=datetime.now(UTC)))
        until_asked(site, "/0")
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, log
    assert "1 added" in log or "1 new or changed" in log
    with polling(environment, "--until-stdin-ends") as tied:
        feeds.read_soon(url)
        until_asked(site, "/feed", 2)
        assert tied.stdin is not None
        tied.stdin.close()
        assert tied.wait(timeout=PATIENCE) == 0
    feeds.close()


def test_two_pollers_of_one_store_are_one_too_many(site: Site, whosays: Whosays, environment: dict[str, str]) -> None:
    url = feed_of(site)
    whosays("feeds", "add", url)
    process = polling(environment)
    try:
        until_asked(site, "/feed", 2)
        ran = whosays("poll", "--once")
    finally:
        process.kill()
        process.communicate()
    assert ran.code == 2
    assert "another process reads the feeds" in ran.err
