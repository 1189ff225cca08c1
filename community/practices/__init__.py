"""Good practices while they are written: the form, its drafts, its Word file, words proposed from elsewhere.

Reading order: asked (how others ask), template (what is asked), fields (a filled form), writing (it becomes a
document), drafts and files (what is stored), refused; proposing and material (words of other documents);
word_marks, word_template, word_reading, word_placing (the form as a Word file); desk (a form is opened and
saved), then the façades: beside (files beside it), practices (the form, which holds the other).
"""
