"""Cuts the face of the headings: python3 fonts/headings.py SOURCE public/newsreader.woff2

SOURCE is Newsreader's variable font (weight and optical size) in Latin, as in the npm package @fontsource-variable/newsreader
5.3.x, files/newsreader-latin-standard-normal.woff2. Needs fonttools and brotli. Prints the bytes, at most 20,000.
"""

import os
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

source, cut = sys.argv[1:]
# The weight of all headings, and the optical size between a card's title and the hero's.
font = instancer.instantiateVariableFont(TTFont(source), {"wght": 600, "opsz": 40})
letters = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100)) | {0x152, 0x153, 0x178}
marks = {0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x202F}
seldom = set(map(ord, "^`~{}|\\<>_¤¦¨¬®¯´µ¶¸¹²³¼½¾×÷±¢¥Þþ§\xad"))
options = subset.Options(
    flavor="woff2", layout_features=["kern", "liga", "lnum", "tnum"], hinting=False, name_IDs=[0, 1, 2, 13, 14]
)
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=(letters | marks) - seldom)
subsetter.subset(font)
font.flavor = "woff2"
font.save(cut)
print(os.path.getsize(cut))
