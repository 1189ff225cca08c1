"""A file becomes a Source, a Version and its Passages. No database, no web.

Reading order: errors, domain, text, language, sentences, metadata, readers, reading (one file, in a child
process), splitting (passages).
"""
