"""What a recording holds: worked out from its stored transcript, programme and slides; nothing runs a model.

webinar       what belongs to one event
talk          turns, and who speaks for how long
transcript    a transcript's sentences with their moments, speakers and vectors
cohesion      the same in blocks: how much any stretch of them is of one piece
partition     the best way to part a row of blocks
likeness      how much sentences are like each of several texts
titles        what a stretch is called, in words copied from it
programme     the stretch of each session of a programme
chapters      chapters, found from what is said or from the programme
questions     what was asked, and where it was answered
statements    whole sentences of each chapter that say most
alignment     which slide is spoken of when
recorded      all of that for one transcript, each worked out once
lines         the transcript as lines to read along
pack          what is taken along of a webinar
calendar      an event as a file for calendars
"""
