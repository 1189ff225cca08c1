"""The web face of the community: server-rendered forms, complete without JavaScript, better with it.

Reading order: rendering (the templates), cookies, visiting (who asks, whom the header greets) and refusals;
accounts, openid, me and staff (people); contributions, practice_views, practices and practice_files (what one
writes); upload_views and uploads; review_views, review_desk and review; feedback, gaps and calls; figures;
doors (the owner's); site (all of them put together).
"""
