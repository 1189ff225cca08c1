"""Passages become ranked hits.

Reading order: scope, hits, analysis (words of a language), models (meaning), store (the truth), words and
vectors (the derived indexes), catalogue (scopes as sets of passages), fusion, library (the façade),
haystack (the border to the framework), measures and evaluation, contract (JSON), commands.
"""
