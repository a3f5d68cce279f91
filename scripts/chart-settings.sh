#!/usr/bin/env bash
# The chart against the binary: it knows the same settings, and the binary takes what the examples set. To be sourced by
# check-chart.

# Every setting of `serve`, by its name in the environment.
settings_of_binary() { "$binary" serve --help | grep -oE '\[env: [A-Z0-9_]+\]' | sed -E 's/\[env: (.*)\]/\1/' | sort; }

# Every setting that the schema knows: as it is, as a file, as a secret that is mounted as a file, or set by the chart.
settings_of_schema() {
  node -e '
    const { configmap, secrets, files } = JSON.parse(require("node:fs").readFileSync("values.schema.json", "utf8")).properties;
    const names = [
      ...Object.keys(configmap.properties).filter((name) => name !== "MONGO_URI"),
      ...Object.keys(secrets.properties).map((name) => `${name}_FILE`),
      ...Object.keys(files.properties),
      "SERVER_ADDRESS", "OPS_ADDRESS", "DATA_DIR",
    ];
    console.log(names.join("\n"));' | sort
}

# The digest that helm writes into Chart.lock: of what Chart.yaml wants and what the lock has.
lock_fits() {
  node -e '
    const { createHash } = require("node:crypto");
    const { readFileSync } = require("node:fs");
    const field = (text, name) => text.match(new RegExp(`^ *-? *${name}: *"?([^"\n]*)"?$`, "m"))?.[1];
    const wanted = readFileSync("Chart.yaml", "utf8").split("dependencies:")[1];
    const lock = readFileSync("Chart.lock", "utf8");
    const of = (text) => ({ name: field(text, "name"), version: field(text, "version"), repository: field(text, "repository") });
    const digest = createHash("sha256").update(JSON.stringify([[{ ...of(wanted), condition: field(wanted, "condition") }], [of(lock)]])).digest("hex");
    if (field(lock, "digest") !== `sha256:${digest}`) throw new Error(`Chart.lock says ${field(lock, "digest")}, and sha256:${digest} is right`);'
}

check_settings() {
  if [[ ! -x $binary ]]; then
    bad "the service's binary is there" "$binary: build it (cargo build --locked --bin holdergraph), or name it"
    return
  fi
  succeeds "the schema knows the settings that the service knows" diff <(settings_of_schema) <(settings_of_binary)
  make_files
  for values in ci/*.yaml examples/*.yaml; do
    succeeds "the service takes the settings of $values" taken_by_binary
  done
  values=ci/values.yaml
  succeeds "settings that are wrong are told from such" not_taken_by_binary
}

# A certificate, a key and other files, for the paths that a pod has.
make_files() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=holdergraph \
    -addext subjectAltName=DNS:holdergraph -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
}

# content_of SETTING: a file for a setting that names one.
content_of() {
  case $1 in
    *_SECRET_KEY_FILE) openssl rand -hex 32 ;;
    MONGO_URI_FILE) printf 'mongodb://user:password@mongo.invalid/?tls=true' ;;
    OTEL_EXPORTER_OTLP_HEADERS_FILE) printf 'authorization=token' ;;
    TRUSTED_DOCUMENTS_FILE) printf '{"%s": "query Typename { __typename }"}' typename ;;
    *_KEY_FILE) cat "$work/tls.key" ;;
    *_CERT_FILE | *_CA_FILE) cat "$work/tls.crt" ;;
    *) printf 'something' ;;
  esac
}

# The environment of the service's container, with files made for it.
environment() {
  local out name value
  out=$(render --show-only templates/configmap.yaml --show-only templates/deployment.yaml) || return 1
  sed -nE 's/^  ([A-Z0-9_]+): "(.*)"$/\1=\2/p' <<<"$out"
  while read -r name value; do
    mkdir -p "$work/pod/$(dirname "$value")"
    content_of "$name" >"$work/pod/$value"
    printf '%s=%s\n' "$name" "$work/pod/$value"
  done < <(sed -nE '/- name: [A-Z0-9_]+_FILE$/{N;s/^ *- name: ([A-Z0-9_]+)\n *value: (.*)$/\1 \2/p}' <<<"$out")
}

# start_binary [NAME=VALUE...]: starts it with that environment and a store that cannot be opened, so that it ends. Its exit
# code is 2 for settings that it does not take, which it reads and checks first, and another one for the store.
start_binary() {
  local -a settings
  mapfile -t settings < <(environment)
  ((${#settings[@]} > 5)) || return 2
  [[ " ${settings[*]}" != *" MONGO_"* ]] || settings+=(MONGO_SERVER_SELECTION_TIMEOUT=10ms MONGO_CONNECT_TIMEOUT=10ms)
  env -i "${settings[@]}" SERVER_ADDRESS=127.0.0.1:0 OPS_ADDRESS=127.0.0.1:0 DATA_DIR=/dev/null/none "$@" timeout 60 "$binary" serve 2>&1
}

taken_by_binary() {
  local status=0
  start_binary || status=$?
  [[ $status -eq 1 ]]
}

not_taken_by_binary() {
  local status=0
  start_binary REQUEST_TIMEOUT=never || status=$?
  [[ $status -eq 2 ]]
}
