"""How good and how fast Ujuzi is, measured by anybody: ``make bench``.

run           the command: measures each part in a process of its own, keeps the figures, writes the report
report        the figures as Markdown
figures       what parts share: where the data is, targets, tables
quality       how well documents are found, on public test collections
answers       how well questions are answered, and refused, on SQuAD 2.0
corpus        the labelled questions about the demonstration library
moments       the right moment in recorded calls
links         what is said in them on its page, and by its link
chapters      chapters of recordings, and slides beside them
segments      how well two rows of boundaries agree
by_hand       when what happens in our own recordings
policies      the keywords of answers in long policy documents
scale         a question on up to 1,000,000 made-up passages
speed         a question on 10,000 passages, indexing, memory
pages         the whole search page of a library of 100,000 made-up passages
startup       how soon the app answers after it was started
community     what contributors, reviewers and askers get of it, by the five modules that follow
contributed   documents known again, described, quoted in the form
asked         questions brought together and masked
town          a library whose community has been busy for long
queueing      how long people wait in it
visits        pages timed and weighed, for pages and queueing
verification  which changed facts are caught in written sentences
documents     what moments and policies share: files stored under the names that questions use
peers/        other systems, each behind the same door as Ujuzi; their environment is not Ujuzi's
compare       Ujuzi beside them: quality and costs
growth        their costs at 10,000 to 1,000,000 passages
synthetic     passages, questions and vectors of any number, made up
pictures      both as pictures
serving       the real app as a process, for speed and startup
fit_evidence  where the weights in bot/evidence.py come from
"""
