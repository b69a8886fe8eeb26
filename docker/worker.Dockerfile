# A worker: no Django, no database driver, no secret but its token.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    MALLOC_ARENA_MAX=2

RUN useradd --uid 1000 --user-group --no-create-home --home-dir /nonexistent soniquebay \
    && install --directory --owner=soniquebay --group=soniquebay --mode=0755 /worker

WORKDIR /app
COPY requirements-worker.txt .
RUN pip install --only-binary=:all: -r requirements-worker.txt
# The code of the web comes along and cannot run: each app keeps its worker beside the rest.
COPY . .
RUN python -m compileall -q .

USER soniquebay
CMD ["python", "-m", "core.worker"]
