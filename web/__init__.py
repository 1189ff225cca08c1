"""What the faces of Ujuzi share: one look, one header, the words that readers see for our values.

Reading order: words (values in words), pieces (text with marks), addresses, lists; assets (the files of the
look), viewer (whom a page greets), rendering (templates, headers), guard (what is refused before anything is
read), site (the routes that every site has, the pages for what goes wrong).
"""
