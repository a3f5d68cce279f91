#!/usr/bin/env bash
# The tools of others that judge the chart, and how they are got. To be sourced by scripts/tools.sh, whose $tools and
# have_go it uses.

kube_score_version=v1.20.0
chart_tests=$(dirname "${BASH_SOURCE[0]}")/../tests/chart

# Kyverno's version stands in the module that builds it, where its replaced requirements stand too.
kyverno_version=$(sed -n 's|^.*github.com/kyverno/kyverno \(v[0-9.]*\)\( .*\)\{0,1\}$|\1|p' "$chart_tests/kyverno/go.mod")

kube_score_tools=$tools/kube-score-$kube_score_version
kyverno_tools=$tools/kyverno-$kyverno_version
# Of our own program and of the list of schemas, each state has a folder of its own.
chart_verdicts_tools=$tools/chart-verdicts-$(cat "$chart_tests"/*.go "$chart_tests"/go.* | cksum | cut -d " " -f 1)
chart_schemas=$tools/chart-schemas-$(cksum <"$chart_tests/schemas.txt" | cut -d " " -f 1)
export PATH=$chart_verdicts_tools:$kube_score_tools:$kyverno_tools:$PATH

have_kube_score() {
  [[ -x $kube_score_tools/kube-score ]] && return
  have_go || return 1
  printf 'building kube-score %s (once, a minute)\n' "$kube_score_version"
  GOBIN=$kube_score_tools go install "github.com/zegl/kube-score/cmd/kube-score@$kube_score_version"
}

have_chart_verdicts() {
  [[ -x $chart_verdicts_tools/chart-verdicts ]] && return
  have_go || return 1
  printf 'building chart-verdicts of tests/chart (once, a minute)\n'
  go build -C "$chart_tests" -trimpath -o "$chart_verdicts_tools/chart-verdicts" .
}

# Its requirements are replaced in part, which "go install" of a version refuses: so a module of ours builds it. What it is
# built of is some gigabytes that nothing else needs, and is thrown away.
have_kyverno() {
  [[ -x $kyverno_tools/kyverno ]] && return
  have_go || return 1
  printf 'building kyverno %s (once, many minutes)\n' "$kyverno_version"
  local caches status=0
  caches=$(mktemp -d "$tools/kyverno-build.XXXXXX") || return 1
  GOMODCACHE=$caches/modules GOCACHE=$caches/build \
    go build -C "$chart_tests/kyverno" -trimpath -ldflags="-s -w" -o "$kyverno_tools/kyverno" \
    github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno || status=1
  # The go command writes modules so that nobody changes them, nor removes them but itself.
  GOMODCACHE=$caches/modules go clean -modcache
  rm -rf "$caches"
  return "$status"
}

# The schemas are files in large modules: those are fetched by themselves and thrown away again.
have_chart_schemas() {
  [[ -e $chart_schemas/complete ]] && return
  have_go || return 1
  printf 'getting the schemas that tests/chart/schemas.txt names\n'
  rm -rf "$chart_schemas"
  mkdir -p "$chart_schemas" || return 1
  local modules file module version path sum status=0
  modules=$(mktemp -d) || return 1
  while read -r file module version path sum; do
    [[ -n $file && $file != \#* ]] || continue
    if ! GOMODCACHE=$modules go mod download "$module@$version" ||
      ! cp "$modules/$module@$version/$path" "$chart_schemas/$file" ||
      ! sha256sum --check --quiet <<<"$sum  $chart_schemas/$file"; then
      printf 'not to be had: %s of %s %s\n' "$path" "$module" "$version"
      status=1
      break
    fi
  done <"$chart_tests/schemas.txt"
  GOMODCACHE=$modules go clean -modcache
  rm -rf "$modules"
  [[ $status -eq 0 ]] && touch "$chart_schemas/complete"
}
