# The image: the program, the shared libraries that it loads, CA certificates, what scanners read, and nothing else.
# `scripts/build-image` builds it with every label; docs/image.md says how it is checked and run.
#
# Base image by digest: --build-arg RUST_IMAGE=rust:1.95-bookworm@sha256:…
ARG RUST_IMAGE=rust:1.95-bookworm

FROM ${RUST_IMAGE} AS build
ARG REVISION=unknown
ARG SOURCE_DATE_EPOCH=0
ENV CARGO_TARGET_DIR=/build/target
WORKDIR /build/holdergraph
COPY . .
# Both caches stay on the builder, so that only what has changed is compiled again.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    scripts/build-dist --out /build/program
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    scripts/image/root /build/program /image \
    && install -d -m 0750 /owned/data \
    && install -d -m 1777 /owned/tmp

FROM scratch
ARG RUST_IMAGE
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
# The base is the one that the libraries come from.
LABEL org.opencontainers.image.title="holdergraph" \
      org.opencontainers.image.description="Internal GraphQL API over the people behind a ledger's accounts" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${RUST_IMAGE}"
COPY --from=build /image/ /
# No VOLUME: a runtime would put a writable one at /data of every container, read-only root or not, MongoDB or not.
COPY --from=build --chown=10001:10001 /owned/ /
ENV DATA_DIR=/data \
    SERVER_ADDRESS=0.0.0.0:4003 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 10001:10001
EXPOSE 4003 9103
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/holdergraph", "health"]
ENTRYPOINT ["/holdergraph"]
CMD ["serve"]
