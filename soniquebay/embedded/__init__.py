"""PostgreSQL and Redis of our own, for people who want to start one command and nothing else."""

from soniquebay.embedded.home import Home
from soniquebay.embedded.postgres import Postgres
from soniquebay.embedded.problems import CannotStart
from soniquebay.embedded.redis import Redis

__all__ = ["CannotStart", "Home", "Postgres", "Redis"]
