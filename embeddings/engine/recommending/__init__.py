"""Recommending, as computing alone: what goes with what, in which order, and why.

facts.py       what is known of a track, and what a listener weighs
vectors.py     directions: how near, and nearer than usual
harmony.py     keys and tempi: how far apart, how well one follows the other
versions.py    when two titles are one song
scoring.py     one number a candidate, with the parts it is made of
choosing.py    the best ones that are not all alike
reasons.py     why, as data
wandering.py   a radio's next direction
paths.py       from one track to another
orders.py      a list in an order that can be listened to
"""
