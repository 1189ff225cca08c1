"""Passages become ranked hits.

Reading order: quiet, scope and hits (what is asked, what comes back), analysis (the words of a language),
wording (what is typed into a search), asking (question or topic), encoded, packing and models (meaning),
records, tables, entries and store (the truth), originals and recordings (the files), words and vectors (the
derived indexes) with derived, columns and catalogue (scopes as sets of passages), fusion, searching, finding
(all that a search matches), spelling, sentence_vectors, intake and indexing, library (the façade), haystack
and meta (the border to the framework), adding, exporting, differences (two texts compared), upkeep, measures
and evaluation, contract (JSON), console, remote and commands.
"""
