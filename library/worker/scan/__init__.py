"""The scan of a folder of music: walks, compares with what the server knows, reads what is new, and delivers it.

scanning.py    the whole of it, from the plan to the settlement
root.py        whether this worker sees the folder that is meant, and still sees it
talk.py        what is said to the server
reading.py     a folder whose contents have changed
beside.py      what lies beside the music: cue sheets, words, the folder's picture
covers.py      pictures on their way
delivery.py    batches, and what became of them
"""
