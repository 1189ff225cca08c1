"""What the faces of Ujuzi share: one look, one header, the words that readers see for our values.

Reading order: words (values in words), pieces (text with marks), addresses, lists, spreadsheets; assets (the
files of the look), viewer (whom a page greets), rendering (templates, headers), site (the routes that every
site has, the pages for what goes wrong), guard (what is refused before it is read), owner (who holds the
token of the data folder).
"""
