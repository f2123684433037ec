# syntax=docker/dockerfile:1
# The bot and its commands, with the models baked in. Articles and claims lie in the volume /data.
#
#   docker build -t whosays .
#   docker run --rm -v whosays:/data -v "$PWD:/in:ro" whosays ingest /in/articles.jsonl
#   docker run -d -v whosays:/data -e TELEGRAM_BOT_TOKEN whosays

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/whosays
COPY requirements/answer.txt /build/requirements/
RUN /opt/whosays/bin/pip install --no-deps --require-hashes --only-binary :all: -r /build/requirements/answer.txt
COPY pyproject.toml README.md LICENSE /build/
COPY src /build/src
COPY bot /build/bot
COPY data /build/data
RUN /opt/whosays/bin/pip install --no-deps /build \
    && WHOSAYS_CACHE=/opt/whosays/cache /opt/whosays/bin/whosays models \
    && chmod -R a+rX /opt/whosays

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --home-dir /data --no-create-home whosays \
    && install --directory --owner=whosays --group=whosays /data
COPY --from=build /opt/whosays /opt/whosays
ENV PATH=/opt/whosays/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    WHOSAYS_CACHE=/opt/whosays/cache \
    WHOSAYS_STORE=sqlite:////data/whosays.db
USER whosays
WORKDIR /data
VOLUME /data
# Opens the store, and the encoder that it was made with; loads no other model. A minute is long for that.
HEALTHCHECK --interval=5m --timeout=60s --start-period=30s CMD ["whosays", "sources", "--json"]
ENTRYPOINT ["whosays"]
CMD ["serve"]
