"""Whether what a model wrote is supported by the words that it cites.

Reading order: wordlists, quantities and dates (figures), claims (what a sentence says), turned (denied,
reversed), bindings (who and what belong together), verifier.
"""

from bot.verification.verifier import Similarity, Verdict, Verifier, likeness

__all__ = ["Similarity", "Verdict", "Verifier", "likeness"]
