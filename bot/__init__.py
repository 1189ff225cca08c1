"""A question becomes a cited answer.

Reading order: answer (the values), evidence (sentences ranked, the abstention test), followup, sessions and
narrowing (what the question means), quote and write (the two answerers), verification, pipeline, assistant
(the façade), contract (JSON), references (how a place is cited), evaluation, commands; webinars (what a
recording holds), pages (the web face).
"""
