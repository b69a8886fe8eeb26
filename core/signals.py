"""What the foundation tells the apps above it, inside the transaction of what happened.

job_ended   job: Job
    A job is done, has failed, or was cancelled. Whatever a receiver starts, it starts after the commit.
"""

from django.dispatch import Signal

job_ended = Signal()
