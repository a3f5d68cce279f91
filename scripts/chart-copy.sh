#!/usr/bin/env bash
# A copy of the chart that helm renders without a network. To be sourced.
#
# helm wants each dependency in charts/, but Bitnami's archive is not ours to keep in the repository, and nothing here
# may need the network. So the copy has a stand-in: an empty chart of the same name and version, with those defaults of
# Bitnami's that our own templates look at.

# The Kubernetes that is rendered for: helm built from its module says 1.20 of itself, which Chart.yaml refuses.
chart_kubernetes=1.34.0

chart_source=$(dirname "${BASH_SOURCE[0]}")/../charts/holdergraph

# What Chart.yaml says of its dependency: chart_dependency version.
chart_dependency() { sed -n "/^dependencies:/,\$s/^ *$1: *//p" "$chart_source/Chart.yaml" | head -n 1; }

# copy_chart FOLDER: FOLDER/holdergraph is a chart that helm renders.
copy_chart() {
  local stand_in=$1/holdergraph/charts/mongodb
  cp -R "$chart_source" "$1/holdergraph" && rm -rf "$1/holdergraph/charts" && mkdir -p "$stand_in" &&
    printf 'apiVersion: v2\nname: mongodb\nversion: %s\n' "$(chart_dependency version)" >"$stand_in/Chart.yaml" &&
    cat >"$stand_in/values.yaml" <<'YAML'
architecture: standalone
replicaCount: 2
replicaSetName: rs0
clusterDomain: cluster.local
nameOverride: ""
fullnameOverride: ""
arbiter: {enabled: true}
tls: {enabled: false}
auth:
  enabled: true
  rootUser: root
  rootPassword: ""
  usernames: []
  passwords: []
  databases: []
  username: ""
  password: ""
  database: ""
  replicaSetKey: ""
  existingSecret: ""
YAML
}

# render_chart FOLDER VALUES [helm's options]: the manifests of one values file, as release "test" in "registry".
render_chart() {
  local chart=$1/holdergraph values=$2
  shift 2
  helm template test "$chart" --namespace registry --kube-version "$chart_kubernetes" --values "$chart/$values" "$@"
}
