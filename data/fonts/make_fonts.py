"""Make the fonts of the pictures: `uv run --with fonttools data/fonts/make_fonts.py FOLDER_OF_NOTO`; README.md here says why.

FOLDER_OF_NOTO holds NotoSans-Regular.ttf and the others that `SCRIPTS` names, as Debian's package fonts-noto-core brings them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

#: Which characters are taken out of which font: a character comes from the first one that has it.
SCRIPTS = {
    "NotoSans": "20-7E A0-3FF 400-52F 1E00-1EFF 2000-206F 2070-209F 20A0-20BF 2100-214F 2190-2193 2212 25CC FB00-FB06 FFFD",
    "NotoSansArabic": "600-6FF 750-77F 8A0-8FF FB50-FDFF FE70-FEFC",
    "NotoSansHebrew": "590-5FF FB1D-FB4F",
    "NotoSansArmenian": "530-58F FB13-FB17",
    "NotoSansGeorgian": "10A0-10FF 1C90-1CBF 2D00-2D2F",
}
FAMILY = "Whosays Sans"
FEATURES = "kern mark mkmk ccmp locl rlig liga calt init medi fina isol rclt curs".split()
#: 5 March 2024, in seconds since 1904: the same bytes whenever this runs.
MADE = 3792441600


def characters(ranges: str) -> set[int]:
    """Return the code points of "20-7E A0 …"."""
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def subset_of(file: Path, wanted: set[int]) -> TTFont:
    """Return the font with these characters only, without hints."""
    options = subset.Options(
        layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=["*"], glyph_names=False, recommended_glyphs=False
    )
    font = TTFont(file)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted & set(font.getBestCmap()))
    subsetter.subset(font)
    return font


def merged(folder: Path, weight: str) -> TTFont:
    """Return one font of all scripts, with the heights of Noto Sans and a name of its own."""
    taken: set[int] = set()
    with tempfile.TemporaryDirectory() as scratch:
        files, versions = [], []
        for name, ranges in SCRIPTS.items():
            font = subset_of(folder / f"{name}-{weight}.ttf", characters(ranges) - taken)
            taken |= set(font.getBestCmap())
            versions.append(f"{name} {font['head'].fontRevision:.3f}")
            files.append(str(Path(scratch) / f"{name}.ttf"))
            font.save(files[-1])
        font, first = Merger().merge(files), TTFont(files[0])
    for table, fields in {
        "hhea": ("ascent", "descent", "lineGap"),
        "OS/2": ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent"),
    }.items():
        for field in fields:
            setattr(font[table], field, getattr(first[table], field))
    kept = {7, 8, 9, 11, 12, 13, 14}  # trademark, maker, designer, addresses, licence
    font["name"].names = [record for record in font["name"].names if record.nameID in kept]
    for number, text in {
        0: "Copyright 2015-2020 Google LLC. All Rights Reserved.",
        1: FAMILY,
        2: weight,
        3: f"{FAMILY} {weight} 1.000",
        4: f"{FAMILY} {weight}",
        5: "Version 1.000; subset and merged from " + ", ".join(versions),
        6: f"{FAMILY.replace(' ', '')}-{weight}",
    }.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["head"].created = font["head"].modified = MADE
    font.recalcTimestamp = False
    return font


if __name__ == "__main__":
    for weight in ("Regular", "Bold"):
        merged(Path(sys.argv[1]), weight).save(Path(__file__).with_name(f"{FAMILY.replace(' ', '')}-{weight}.ttf"))
