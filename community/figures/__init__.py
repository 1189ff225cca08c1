"""What the community's work looks like in figures.

Reading order: periods, coverage, use, reviewing (each a pure summary), charts (their pictures), figures (the
façade, for staff).
"""
