"""Reads files of references with the libraries that others read them with, and prints what they understood as JSON.

    check-references.py FILE.bib FILE.ris FILE.json
"""

import json
import sys
import warnings
from pathlib import Path

import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from pybtex.database import parse_file

warnings.simplefilter("ignore")
bib, ris, csl = sys.argv[1:]

entries = parse_file(bib, "bibtex").entries
bibtex = [
    {"key": key, "type": entry.type, "fields": dict(entry.fields),
     "authors": [str(person) for person in entry.persons.get("author", [])]}
    for key, entry in entries.items()
]

with open(ris, encoding="utf-8", newline="") as file:
    records = rispy.load(file)

with open(csl, encoding="utf-8") as file:
    items = json.load(file)
source = CiteProcJSON(items)
style = CitationStylesStyle(str(Path(__file__).parent / "title.csl"), validate=False)
bibliography = CitationStylesBibliography(style, source, formatter.plain)
for item in items:
    # The library keeps keys in lower case.
    bibliography.register(Citation([CitationItem(item["id"].lower())]))

json.dump(
    {"bibtex": bibtex, "ris": records, "csl": [str(line) for line in bibliography.bibliography()]},
    sys.stdout,
    ensure_ascii=False,
)
