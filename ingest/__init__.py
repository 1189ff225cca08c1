"""A file becomes a Source, a Version and its Passages. No database, no web.

Reading order: errors, domain, text, language, sentences, metadata, readers; zones, when, announced, agenda
(with its lines, rows and sessions) and programme (the event that a document announces); reading (one file, in
a child process), splitting (passages).
"""
