"""The web face: server-rendered pages for asking, finding and reading, and the chat.

Reading order: rendering (the templates), direction and clocks; excerpts (the part of a passage that is shown)
and spoken (where it is heard); limits, wanted, choosing, timeline and searching (what a search page shows)
with word and exporting (its results as files); parts (a document cut to what a page holds), sources, history
and changes (its versions), locating, pixels, text_layer, pictures and sheets (a document's page); webinar_at,
strips, on_slides and webinars (a webinar's page) with pack_text, pack_word and pack_pdf; cards, hearing,
asking and answering (an answer as a page); keeping and chat; late (what loads beside the running app). The
routes: library_routes, answering, webinar_routes, recording, pack_routes, doors.
"""
