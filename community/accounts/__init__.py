"""Who somebody is: accounts, passwords, sessions, and what staff decide about people.

Reading order: rows (the tables), passwords, wording (what may be typed), throttle, vouchers (what is sent to
be given back once), sessions; letters (what is mailed), mail (how); ground (all that together), identity,
entrance (coming in), own (one's own account), membership (what staff decide), accounts (the façade); openid
(signing in through another house).
"""
