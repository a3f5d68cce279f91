#!/usr/bin/env bash
# The chart, judged by tools of others: each values file of examples/ and of ci/ is rendered for the oldest and for the
# newest Kubernetes, and what comes is given to chart-verdicts (schemas, Pod Security Standard, our policies), kube-score
# and, where it is built, Kyverno. Then all of them judge manifests that are broken on purpose.
# Needs what scripts/chart-tools.sh gets (`scripts/test --only chart`). Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=scripts/tools.sh
source scripts/tools.sh
# shellcheck source=scripts/chart-copy.sh
source scripts/chart-copy.sh

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
good() { passed=$((passed + 1)) && printf '  ok      %s\n' "$1"; }
bad() { failed=$((failed + 1)) && printf '  FAILED  %s\n%s\n' "$1" "$(sed 's/^/            /' <<<"$2")"; }

policies=charts/holdergraph/policies
copy_chart "$work" || exit 1
mapfile -t versions < <(sed -n 's/^kubernetes-\([0-9.]*\)\.json .*/\1/p' tests/chart/schemas.txt | sort -V)

# render CASE VALUES: the case's folder, with what chart-verdicts looks for.
render() {
  local folder=$work/renders/$1 version out
  mkdir -p "$folder" && cp "$2" "$folder/values.yaml"
  for version in "${versions[@]}"; do
    if ! out=$(helm template test "$work/holdergraph" --namespace registry --kube-version "$version" --values "$2" 2>&1 >"$folder/$version.yaml"); then
      bad "$1 renders for Kubernetes $version" "$out"
      rm -rf "$folder"
      return
    fi
  done
  good "$1 renders for Kubernetes ${versions[*]}"
}

# kube-score's own words. Two of its optional tests are asked too. The others want requests that equal limits: pods of
# this service wait more than they work, and a limit on the CPU that is the request would slow each burst.
score() {
  kube-score score --kubernetes-version "v${versions[-1]%.*}" --exit-one-on-warning --output-format ci \
    --enable-optional-test container-seccomp-profile --enable-optional-test container-ports-check "$1" 2>&1
}

# scored NAME FILE: kube-score finds neither something critical nor a warning. What it is told to leave out, an
# annotation in the chart says, and a comment beside it why.
scored() {
  local out
  if out=$(score "$2"); then
    good "$1: kube-score, $(grep -c '^\[OK\]' <<<"$out") times OK"
  else
    bad "$1: kube-score" "$(grep -v -e '^\[OK\]' -e '^\[SKIPPED\]' <<<"$out")"
  fi
}

# The ways to run the service that must not fall out of this: an existing Secret, MongoDB of somebody else's, TLS, …
for values in ci/values examples/{mongodb-production,tls,autoscaling,telemetry,embedded-store,external-secrets,secrets-store-csi}; do
  [[ -e charts/holdergraph/$values.yaml ]] || bad "there is charts/holdergraph/$values.yaml" "there is none"
done
for values in charts/holdergraph/ci/*.yaml charts/holdergraph/examples/*.yaml; do
  render "$(basename "$(dirname "$values")")-$(basename "$values" .yaml)" "$values"
done

# Its own sum is not the last line here.
chart-verdicts -schemas "$chart_schemas" -crds tests/chart/crds -policies "$policies" -renders "$work/renders" -broken tests/chart -write "$work/cases" |
  tee "$work/verdicts" | sed '$d'
read -r more_passed more_failed < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$work/verdicts")
if [[ -z ${more_passed:-} ]]; then
  bad "chart-verdicts" "it did not come to an end"
else
  passed=$((passed + more_passed)) failed=$((failed + more_failed))
fi

for folder in "$work"/cases/*; do
  name=$(<"$folder/name")
  if [[ $folder != */broken-* ]]; then
    # The values of ci/ beside values.yaml are for our own checks, not for a cluster: one has a single replica.
    [[ $name == ci-* && $name != ci-values ]] || scored "$name" "$folder/manifest.yaml"
  elif [[ ! -s $folder/fails ]]; then
    scored "broken: $name" "$folder/manifest.yaml"
  elif grep -qx kube-score "$folder/fails"; then
    if out=$(score "$folder/manifest.yaml"); then
      bad "broken: $name: kube-score finds it" "it found nothing"
    else
      good "broken: $name: kube-score finds it"
    fi
  fi
done

if [[ -x $kyverno_tools/kyverno ]]; then
  # shellcheck source=tests/chart/kyverno.sh
  source tests/chart/kyverno.sh
else
  printf "Kyverno's own CLI is asked in a full run only (scripts/test --only chart --full); chart-verdicts evaluates the same policies.\n"
fi

printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
