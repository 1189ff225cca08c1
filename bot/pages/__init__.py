"""The web face: server-rendered pages for searching and reading, and the chat.

Reading order: rendering (templates, words for readers, headers), excerpts (the part of a passage that is
shown), searching (what a search page shows), parts (a document cut to what a page holds), sources (what a
document's page shows), pictures (PDF pages with the quote marked), web (the routes); cards,
asking, keeping, chat; late (what loads beside the running app).
"""
