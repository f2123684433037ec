"""Markup of strangers → trees, in bounded time and memory: no entities of their own, no network, no endless nesting."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import islice, pairwise

import lxml.etree
import lxml.html

from whosays.errors import InputError

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,40})(?=[\s/>])[^>]{0,20000}>")
_DECLARATIONS = re.compile(r"xmlns(?::([\w.-]{1,40}))?\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_REFERENCE = re.compile(r"&(#\d{1,8}|#[xX][0-9a-fA-F]{1,7}|\w{1,31});|&")
_OWN_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
#: Prefixes that feeds use without declaring them.
_USUAL = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "georss": "http://www.georss.org/georss",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
#: Code points of a text with its markup, and of a title's, that are read.
_MOST_MARKUP, _MOST_LINE = 500_000, 20_000
#: Entries of a broken document that are read.
_MOST_PARTS = 5_000
#: Elements of an entry that hold a text.
_FIELD = re.compile(
    r"<(title|link|guid|id|description|summary|content|pubDate|published|updated|content:encoded|dc:creator|dc:date|loc|lastmod|"
    r"news:title)(?:\s[^<>]{0,500})?(?<!/)>"
)
#: Which element holds one entry, by the root's name.
PARTS = {"rss": "item", "rdf": "item", "feed": "entry", "urlset": "url", "sitemapindex": "sitemap", "opml": "outline"}


def html_root(page: str) -> lxml.html.HtmlElement | None:
    """Return a page's tree; None where it is none."""
    try:
        # Bytes: lxml refuses a text that declares a charset.
        return lxml.html.document_fromstring(page.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (lxml.etree.LxmlError, ValueError):
        return None


def root_name(text: str) -> str | None:
    """Return the name of a document's first element, in lower case and without its prefix; None where there is none."""
    found = _ROOT.search(_past_prolog(text)[:40_000])
    return found[1].lower() if found else None


def xml_root(text: str) -> tuple[lxml.etree._Element, tuple[str, ...]]:
    """Return the tree of a feed, sitemap or OPML file, and what was wrong with it. Raises InputError where there is none.

    Where a document is not well-formed its entries are read one by one, so that a fault in one costs no other.
    """
    notes = []
    if _ILLEGAL.search(text):
        text = _ILLEGAL.sub("", text)
        notes.append("characters that no XML may hold were left out")
    body = _past_prolog(text)
    if "<!ENTITY" in text[: len(text) - len(body)]:
        notes.append("its own entities were left out")
    body = _with_references(body)
    try:
        return _parsed(body, recover=False), tuple(notes)
    except lxml.etree.XMLSyntaxError as error:
        root, faulty = _in_parts(body)
        notes.append(f"it is not well-formed (line {error.lineno or 1}: {str(error.msg)[:120]})")
        if faulty:
            shown = ", ".join(str(number) for number in faulty[:10]) + (" and more" if len(faulty) > 10 else "")
            notes.append(f"read as far as they go: entries {shown}")
        return root, tuple(notes)


def text_of(markup: str) -> str:
    """Return the text of a piece of HTML, its blocks as paragraphs; of one beyond all measure, of its beginning."""
    markup = markup[:_MOST_MARKUP]
    if not markup.strip():
        return ""
    try:
        root = lxml.html.fragment_fromstring(_ILLEGAL.sub("", markup), create_parent="div")
    except (lxml.etree.LxmlError, ValueError):
        return ""
    for element in root.iter("script", "style", "noscript", "iframe"):
        element.text = None
    for element in root.iter(*_BLOCKS):
        element.tail = "\n\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in "".join(root.itertext(with_tail=True)).split("\n\n"))
    return "\n\n".join(line for line in lines if line)


_BLOCKS = ("p", "div", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "pre", "figcaption", "br")


def line_of(markup: str) -> str:
    """Return a title, which may be HTML, as one line of text."""
    markup = markup[:_MOST_LINE]
    plain = text_of(markup) if re.search(r"<[A-Za-z/!]|&[#\w]{1,31};", markup) else markup
    return " ".join(_ILLEGAL.sub("", plain).split())


def _past_prolog(text: str) -> str:
    """Return a document from its first element on: without declarations, comments, and a DOCTYPE with its entities."""
    at = text.find("<")
    while at >= 0:
        if text.startswith("<?", at):
            end = text.find("?>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at)
        elif text.startswith("<!", at):
            end = _end_of_doctype(text, at)
        else:
            return text[at:]
        if end < 0:
            return ""
        at = text.find("<", end + 1)
    return ""


def _end_of_doctype(text: str, at: int) -> int:
    close, opening = text.find(">", at), text.find("[", at)
    if 0 <= opening < close:
        found = re.compile(r"\]\s{0,200}>").search(text, opening)
        return found.end() - 1 if found else -1
    return close


def _with_references(body: str) -> str:
    """Make every & of a document well-formed: HTML's names become characters, what is no reference becomes &amp;."""
    return "".join(part if part.startswith(_CDATA) else _REFERENCE.sub(_reference, part) for part in _by_cdata(body))


def _by_cdata(body: str) -> Iterator[str]:
    at = 0
    while (start := body.find(_CDATA, at)) >= 0:
        end = body.find(_CDATA_END, start)
        if end < 0:
            break
        yield body[at:start]
        at = end + len(_CDATA_END)
        yield body[start:at]
    yield body[at:]


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name in _OWN_NAMES:
        return found[0]
    meant = html.unescape(found[0])
    if meant == found[0]:
        return f"&amp;{name};"
    return html.escape(_ILLEGAL.sub("", meant), quote=False)


def _parsed(body: str, *, recover: bool) -> lxml.etree._Element:
    parser = lxml.etree.XMLParser(
        recover=recover, resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = lxml.etree.fromstring(body.encode("utf-8", "replace"), parser)
    if root is None:
        raise InputError("it is no XML")
    return root


def _in_parts(body: str) -> tuple[lxml.etree._Element, list[int]]:
    """Return the tree of a broken document, each entry read by itself, and the numbers of those that are broken themselves."""
    opening = _ROOT.search(body[:40_000])
    name = opening[1].lower() if opening else ""
    if opening is None or name not in PARTS:
        raise InputError("it is no feed, sitemap or OPML")
    part = PARTS[name]
    found_parts = re.finditer(rf"<(?:\w{{1,40}}:)?{part}(?=[\s/>])", body)
    starts = [found.start() for found in islice(found_parts, _MOST_PARTS)]
    rest = next(found_parts, None)
    root = _recovered(body[: starts[0] if starts else len(body)])
    home = next(iter(root.iter("channel")), root) if name == "rss" else root
    declared = {found[1]: found[2] for found in _DECLARATIONS.finditer(opening[0])}
    usual = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in _USUAL.items() if prefix not in declared)
    own = "".join(f" xmlns{':' + prefix if prefix else ''}={value}" for prefix, value in declared.items())
    faulty = []
    for number, (start, end) in enumerate(pairwise([*starts, rest.start() if rest else len(body)]), 1):
        piece = body[start:end]
        closing = re.search(rf"</(?:\w{{1,40}}:)?{part}\s{{0,20}}>", piece)
        piece = piece[: closing.end()] if closing else piece
        wrapped = f"<w{usual}{own}>{piece}</w>"
        try:
            found = _parsed(wrapped, recover=False)
        except lxml.etree.XMLSyntaxError:
            faulty.append(number)
            try:
                found = _recovered(f"<w{usual}{own}>{_with_plain_fields(piece)}</w>")
            except InputError:
                continue
        home.extend(list(found)[:1])
    return root, faulty


def _with_plain_fields(piece: str) -> str:
    """Return a broken entry with the markup in its texts escaped: what is not closed in its title must not swallow its link."""
    parts, at, unclosed = [], 0, set()
    for opening in _FIELD.finditer(piece):
        name = opening[1]
        if opening.start() < at or name in unclosed:
            continue
        end = piece.find(f"</{name}", opening.end())
        if end < 0:
            unclosed.add(name)  # nor is any later one
            continue
        inner = piece[opening.end() : end]
        if "<" in inner and not inner.lstrip().startswith(_CDATA):
            parts += [piece[at : opening.end()], inner.replace("<", "&lt;").replace(">", "&gt;")]
            at = end
    return "".join([*parts, piece[at:]])


def _recovered(body: str) -> lxml.etree._Element:
    try:
        return _parsed(body, recover=True)
    except lxml.etree.XMLSyntaxError as error:
        raise InputError("it is no XML") from error
