"""The library as a chart: near is alike.

reducing.py    hundreds of dimensions to the few dozen that tell most
layout.py      landmarks in two dimensions, everything else beside its neighbours among them
aligning.py    a new layout turned so that it lies over the old one
usual.py       how near a track usually is to others, against which hubs are measured
regions.py     where many lie together, and what each such place is called
"""
