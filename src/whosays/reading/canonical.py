"""One address for one article: without trackers, without AMP, as the page itself names it."""

from __future__ import annotations

import re

import lxml.html
from yarl import URL

from whosays.reading.article import is_web_address
from whosays.reading.markup import html_root

#: Parameters that say where a reader came from, and nothing about what he reads. Names in lower case; a * stands for the rest.
_TRACKING = re.compile(
    r"utm_.*|mtm_.*|pk_.*|piwik_.*|matomo_.*|hsa_.*|at_.*|ns_(?:mchannel|source|campaign|linkname|fee)|vero_.*|oly_.*|guce_.*|trk.*|sc_c.*|"
    r"fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id|mkt_tok|_hsenc|_hsmi|_openstat|"
    r"wickedid|cmpid|cmp|s_cid|smid|smtyp|ftag|icid|ocid|traffic_source|maca|xtor|spm|ref_src|ref_url|guccounter|__twitter_impression|"
    r"amp|outputtype|_ga|_gl|rss|partner|feed_id"
)
#: First labels of a host that name another dress of the same site.
_DRESS = re.compile(r"(?:(?:www\d?|amp|m|mobile)\.)+")
# https://www.google.com/amp/s/herald.example/a and https://herald-example.cdn.ampproject.org/c/s/herald.example/a
_AMP_VIEWER = re.compile(
    r"https?://(?:www\.google\.[a-z.]+/amp/|[a-z0-9-]+\.cdn\.ampproject\.org/[a-z]/)(s/)?(.+)", re.IGNORECASE
)
_AMP_VALUES = frozenset({"", "1", "true", "amp"})


def canonical(address: str) -> str:
    """Return a web address in the one form that we keep: no trackers, fragment, default port or user; its host in lower case.

    What is no web address is returned as it is.
    """
    if not is_web_address(address):
        return address
    if viewed := _AMP_VIEWER.fullmatch(address):
        address = f"{'https' if viewed[1] else 'http'}://{viewed[2]}"
    try:
        url = URL(address)
        if not url.raw_host:
            return address
        kept = [(name, value) for name, value in url.query.items() if not _is_tracking(name, value)]
        # Rebuilt only where something goes: a site may care how its other parameters are written.
        query = url.raw_query_string if len(kept) == len(url.query) else URL.build(query=kept).raw_query_string
        host = url.raw_host.rstrip(".")
        host = f"[{host}]" if ":" in host else host
        port = "" if url.is_default_port() or url.explicit_port is None else f":{url.explicit_port}"
    except (ValueError, TypeError, UnicodeError):
        return address
    return f"{url.scheme}://{host}{port}{url.raw_path or '/'}" + (f"?{query}" if query else "")


def canonical_of(page: str, url: str) -> str:
    """Return the address of the article on a page that was got from `url`: as the page says, if it may say so.

    A page speaks for its own site alone: it must not take the place of another outlet's article. One that names its front page is
    wrong about itself.
    """
    root = html_root(page)
    for said in _said(root, url) if root is not None else ():
        if is_web_address(said) and same_site(said, url):
            found = canonical(said)
            if URL(found).raw_path != "/" or URL(url).raw_path in ("", "/"):
                return found
    return canonical(url)


def same_site(one: str, other: str) -> bool:
    """Say whether two addresses are of one site: their hosts are the same, but for www, m, mobile and amp."""
    hosts = [_DRESS.sub("", (URL(address).raw_host or "").rstrip("."), count=1) for address in (one, other)]
    return hosts[0] == hosts[1] and bool(hosts[0])


def _is_tracking(name: str, value: str) -> bool:
    name = name.lower()
    if name in ("amp", "rss"):
        return value.lower() in _AMP_VALUES
    return bool(_TRACKING.fullmatch(name))


def _said(root: lxml.html.HtmlElement, url: str) -> list[str]:
    """Return what a page's link rel=canonical and og:url say, in this order, as whole addresses."""
    said = root.xpath(
        "(//link[contains(concat(' ', translate(@rel, 'CANONICAL', 'canonical'), ' '), ' canonical ')]/@href)[position() <= 3]"
    ) + root.xpath("(//meta[@property='og:url' or @name='og:url']/@content)[position() <= 3]")
    whole = []
    for address in said:
        try:
            whole.append(str(URL(url).join(URL(str(address).strip()))))
        except (ValueError, TypeError, UnicodeError):
            continue
    return whole
