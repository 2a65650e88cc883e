# syntax=docker/dockerfile:1
# A small image of the server alone; the database is another container's (docker-compose.yml).

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --locked --release && cp target/release/factdesk /factdesk

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin factdesk
COPY --from=build /factdesk /usr/local/bin/factdesk
USER factdesk
ENV FACTDESK_LISTEN=0.0.0.0:8080 \
    FACTDESK_LOG_FORMAT=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 \
    CMD ["factdesk", "healthcheck"]
ENTRYPOINT ["factdesk"]
CMD ["serve"]
