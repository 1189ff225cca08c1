"""The gap loop: from a question that nothing answers to a document that does.

Reading order: masking (what is never written), countries (which are named), tables, questions (the log: kept,
judged, counted, deleted after some days), sweeping (when); likeness and grouping (questions that mean the
same), gathering (when they come into groups), groups (what staff sees and decides), calls (for good
practices), news (who is told that there is an answer).
"""
