"""Files that people send: received, read, described, compared, and handed in for review.

Reading order: values (what there is), names (what a file is called), receiving (a request to files on disk),
tables, kept (what was read, kept until it is stored), readable (what a file holds that nobody sees), likeness
(what the library has already), places (countries and corridors), suggesting (a description from the text),
stages (how far each file is), uploads (the façade).
"""
