# The image: the program, the shared libraries that it loads, CA certificates, and nothing else.
#
#   docker build --tag holdergraph .
#
# Base images by digest: --build-arg RUST_IMAGE=rust@sha256:…
ARG RUST_IMAGE=rust:1.95-bookworm

FROM ${RUST_IMAGE} AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
WORKDIR /src
COPY . .
# Both caches stay on the builder, so that only what has changed is compiled again.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --profile dist --features mimalloc \
    && install -D target/dist/holdergraph /image/holdergraph
# The program's libraries, its loader among them, each at the path where the loader looks for it.
RUN ldd /image/holdergraph | grep -oE '/[^ ]+' | xargs cp --parents --dereference --target-directory /image \
    && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt \
    && echo 'holdergraph:x:10001:10001::/data:/nonexistent' >/image/etc/passwd \
    && echo 'holdergraph:x:10001:' >/image/etc/group \
    && echo 'hosts: files dns' >/image/etc/nsswitch.conf \
    && install -D -m 0644 LICENSE assets/graphiql/THIRD-PARTY-LICENSES.txt --target-directory /image/licenses \
    && install -d -m 0750 /owned/data \
    && install -d -m 1777 /owned/tmp

FROM scratch
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="holdergraph" \
      org.opencontainers.image.description="Internal GraphQL API over the people behind a ledger's accounts" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/ /
COPY --from=build --chown=10001:10001 /owned/ /
ENV DATA_DIR=/data \
    SERVER_ADDRESS=0.0.0.0:4003 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 10001:10001
VOLUME ["/data"]
EXPOSE 4003 9103
ENTRYPOINT ["/holdergraph"]
CMD ["serve"]
