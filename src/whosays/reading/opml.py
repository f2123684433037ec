"""Lists of feeds, as feed readers exchange them: OPML 2.0, http://opml.org/spec2.opml."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

import lxml.etree

from whosays.errors import InputError
from whosays.reading.article import is_web_address
from whosays.reading.charset import decode
from whosays.reading.markup import line_of, root_name, xml_root

#: Feeds of a list that are read.
MOST_OUTLINES = 5_000
_MOST_TEXT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed of a list. `categories` are the folders that it lies in, the outermost first, joined by "/", and its own."""

    url: str
    title: str | None = None
    site: str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlRead:
    """A list as read, each feed once; `notes` say what was left out."""

    title: str | None = None
    outlines: tuple[Outline, ...] = ()
    notes: tuple[str, ...] = ()


def read_opml(body: bytes, charset: str | None = None) -> OpmlRead:
    """Return the feeds of a list. Raises InputError where it is none."""
    text = decode(body, charset)
    if root_name(text) != "opml":
        raise InputError("it is no OPML: a list of feeds begins with <opml>")
    root, faults = xml_root(text)
    notes = list(faults)
    found: dict[str, Outline] = {}
    for element in root.iter("outline"):
        said = {str(name).lower(): " ".join(str(value).split()) for name, value in element.attrib.items()}
        url = said.get("xmlurl", "")
        title = line_of(said.get("title") or said.get("text") or "")[:_MOST_TEXT] or None
        if not url:
            continue
        if len(url) > 2_000 or not is_web_address(url):
            notes.append(f"{title or url[:80]}: its address is none of the web")
            continue
        if len(found) == MOST_OUTLINES:
            notes.append(f"it lists more than {MOST_OUTLINES:,} feeds; the first were read")
            break
        site = said.get("htmlurl", "")
        outline = Outline(
            url=url,
            title=title,
            site=site if len(site) <= 2_000 and is_web_address(site) else None,
            categories=_categories(element, said.get("category", "")),
        )
        found.setdefault(url, outline)
    titles = root.xpath("string(/opml/head/title)")
    return OpmlRead(title=line_of(str(titles))[:_MOST_TEXT] or None, outlines=tuple(found.values()), notes=tuple(notes))


def write_opml(outlines: Iterable[Outline], title: str, made: datetime) -> bytes:
    """Return a list of feeds, each in the folder of its first category; `made` is aware."""
    root = lxml.etree.Element("opml", version="2.0")
    head = lxml.etree.SubElement(root, "head")
    lxml.etree.SubElement(head, "title").text = title
    lxml.etree.SubElement(head, "dateCreated").text = format_datetime(made)
    body = lxml.etree.SubElement(root, "body")
    folders: dict[str, lxml.etree._Element] = {"": body}
    for outline in outlines:
        folder, *others = outline.categories or ("",)
        place, path = body, ""
        for name in folder.split("/") if folder else ():
            path = f"{path}/{name}"
            if path not in folders:
                folders[path] = lxml.etree.SubElement(place, "outline", text=name)
            place = folders[path]
        name = outline.title or outline.url
        said = {"type": "rss", "text": name, "title": name, "xmlUrl": outline.url}
        if outline.site:
            said["htmlUrl"] = outline.site
        if others:
            said["category"] = ",".join(f"/{other}" for other in others)
        lxml.etree.SubElement(place, "outline", said)
    lxml.etree.indent(root)
    return bytes(lxml.etree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _categories(element: lxml.etree._Element, own: str) -> tuple[str, ...]:
    folders = []
    for above in element.iterancestors("outline"):
        if name := line_of(above.get("title") or above.get("text") or "")[:_MOST_TEXT].replace("/", "∕"):
            folders.append(name)
    named = ["/".join(reversed(folders))] if folders else []
    named += [part.strip().strip("/")[:_MOST_TEXT] for part in own.split(",")]
    return tuple(dict.fromkeys(name for name in named if name))
