"""People and decisions: who may do what, what is submitted, reviewed and published, what is asked in vain.

It decides and calls ``Library.publish`` and ``withdraw``; what is stored here is never searched. Reading
order: errors, people (roles), records (the tables' door), audit, notices, jobs (the queue); accounts (who
somebody is), submissions (from a draft to a decision), practices (the form), uploads (files), gaps (questions
without answers, calls, news), figures; community (all of it over one library), commands, pages.
"""
