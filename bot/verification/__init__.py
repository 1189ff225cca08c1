"""Whether what a model wrote is supported by the words that it cites.

Reading order: wordlists, quantities, dates, calendar and bounds (figures and times), naming (who and where),
claims (what a sentence says), turned (denied, reversed), bindings (what belongs together), verifier.
"""

from bot.verification.verifier import Similarity, Verdict, Verifier, likeness

__all__ = ["Similarity", "Verdict", "Verifier", "likeness"]
