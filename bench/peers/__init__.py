"""Other systems that search words and meaning at once, and Ujuzi, each behind the same small door.

system      what each of them is asked to do, and what it is given and gives
haystack    Haystack's reference hybrid pipeline
llamaindex  LlamaIndex with its own BM25 and fusion retrievers
txtai_      txtai with its hybrid index
ujuzi       Ujuzi, through its façade
worker      one system, one collection, one process: one JSON object
encode      the vectors of a collection, made once for all who share the model

Everything but ``ujuzi`` runs in an environment of its own, ``.venv-peers``, made from requirements.txt by
``make bench-peers``: NumPy and the peers are there, Ujuzi's own libraries are not.
"""
