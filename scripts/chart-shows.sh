#!/usr/bin/env bash
# What the rendered chart must show. To be sourced by check-chart.

check_renders() {
  show_pod
  show_embedded_store
  show_mongodb
  show_secrets
  show_files
  show_network
  show_jobs
  show_metrics
  show_the_rest
}

deployment=(--show-only templates/deployment.yaml)
config=(--show-only templates/configmap.yaml)
policy=(--show-only templates/networkpolicy.yaml)

show_pod() {
  # The crate's version, which the chart repeats.
  local version
  version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$scripts/../Cargo.toml" | head -n 1)
  has "it runs as nobody in particular" "runAsNonRoot: true runAsUser: 10001 runAsGroup: 10001" "${deployment[@]}"
  has "the root file system is read-only" "readOnlyRootFilesystem: true" "${deployment[@]}"
  has "no way to more rights" "allowPrivilegeEscalation: false" "${deployment[@]}"
  has "all capabilities are dropped" "capabilities: drop: [ALL]" "${deployment[@]}"
  has "the default seccomp profile" "seccompProfile: type: RuntimeDefault" "${deployment[@]}"
  has "no token of the service account in the pod" "automountServiceAccountToken: false" "${deployment[@]}"
  has "… nor by the service account" "automountServiceAccountToken: false" --show-only templates/serviceaccount.yaml
  has "the registry is asked for the image" "imagePullPolicy: Always" "${deployment[@]}"
  has "the tag is the crate's version" "image: \"registry.example/holdergraph:$version\"" "${deployment[@]}"
  local digest
  digest=sha256:$(printf '0%.0s' {1..64})
  has "a digest pins the image" "image: \"registry.example/holdergraph@$digest\"" --set "image.digest=$digest" "${deployment[@]}"
  has "requests have disk too" "requests: cpu: 250m ephemeral-storage: 128Mi memory: 256Mi" "${deployment[@]}"
  has "limits have disk too" "limits: cpu: \"2\" ephemeral-storage: 512Mi memory: 512Mi" "${deployment[@]}"
  has "CPUs may be a number" "limits: cpu: 2 ephemeral-storage: 512Mi hugepages-2Mi: 4Mi" "${deployment[@]}" \
    --set resources.limits.cpu=2,resources.limits.hugepages-2Mi=4Mi,resources.requests.cpu=0.5
  has "a pod that leaves waits first, without a shell" "preStop: sleep: seconds: 5" "${deployment[@]}"
  lacks "… unless nobody wants that" "preStop" --set preStopSleepSeconds=0 "${deployment[@]}"
  has "it has a minute to end" "terminationGracePeriodSeconds: 60" "${deployment[@]}"
  has "alive by /health" "livenessProbe: httpGet: path: /health port: http scheme: HTTP " "${deployment[@]}"
  has "ready by /readyz" "readinessProbe: httpGet: path: /readyz port: http scheme: HTTP " "${deployment[@]}"
  has "it may take long to start" "startupProbe: httpGet: path: /health port: http scheme: HTTP periodSeconds: 2 timeoutSeconds: 3 failureThreshold: 300" \
    "${deployment[@]}"
  has "the probed port is 4003" "name: http containerPort: 4003" "${deployment[@]}"
  differs "new settings make new pods" --set configmap.LOG_LEVEL=debug
}

# differs NAME [helm's options]: the pods are others with these values.
differs() {
  local name=$1 before after
  shift
  before=$(render "${deployment[@]}" | grep -o 'checksum/.*')
  after=$(render "${deployment[@]}" "$@" | grep -o 'checksum/.*')
  if [[ -n $before && -n $after && $before != "$after" ]]; then good "$name"; else bad "$name" "$before / $after"; fi
}

show_embedded_store() {
  has "over SQLite one pod" "replicas: 1 " "${deployment[@]}"
  has "… which ends before the next one comes" "strategy: type: Recreate" "${deployment[@]}"
  has "… and may be stopped" "replicas: 0 " --set replicaCount=0 "${deployment[@]}"
  has "its data is in /data" 'DATA_DIR: "/data"' "${config[@]}"
  has "… and outlives the release" "helm.sh/resource-policy: keep" --show-only templates/pvc.yaml
  has "a claim of one's own is used" "claimName: mine" --set persistence.existingClaim=mine "${deployment[@]}"
  lacks "… and then no other is made" "kind: PersistentVolumeClaim" --set persistence.existingClaim=mine
  lacks "one pod has no disruption budget" "kind: PodDisruptionBudget"
  lacks "… and is not spread" "topologySpreadConstraints" "${deployment[@]}"
}

show_mongodb() {
  values=examples/external-secrets.yaml
  has "over MongoDB two pods" "replicas: 2 " "${deployment[@]}"
  has "… or as many as one says" "replicas: 5 " --set replicaCount=5 "${deployment[@]}"
  has "no pod goes before another one is ready" "strategy: type: RollingUpdate rollingUpdate: maxUnavailable: 0" "${deployment[@]}"
  lacks "no claim" "PersistentVolumeClaim"
  lacks "… and no folder of data" "/data"
  has "a budget for disruptions" "kind: PodDisruptionBudget"
  lacks "… not for a single pod" "kind: PodDisruptionBudget" --set replicaCount=1
  has "pods keep apart" "podAntiAffinity: preferredDuringSchedulingIgnoredDuringExecution" "${deployment[@]}"
  has "… by zone too" "topologyKey: topology.kubernetes.io/zone whenUnsatisfiable: ScheduleAnyway" "${deployment[@]}"
  lacks "no autoscaler unless it is asked for" "kind: HorizontalPodAutoscaler"
  values=examples/autoscaling.yaml
  has "an autoscaler, from two to six" "minReplicas: 2 maxReplicas: 6" --show-only templates/hpa.yaml
  lacks "… which alone says how many" "replicas:" "${deployment[@]}"
  has "large numbers stay what they are" 'AUTOMATIC_PERSISTED_QUERIES: "16777216"' --set configmap.AUTOMATIC_PERSISTED_QUERIES=16777216 "${config[@]}"
  values=examples/bundled-mongodb.yaml
  has "Bitnami's MongoDB is asked by its servers" \
    'MONGO_HOST: "test-mongodb-0.test-mongodb-headless.registry.svc.cluster.local,test-mongodb-1.test-mongodb-headless' "${config[@]}"
  has "… as a replica set" 'MONGO_PARAMETERS: "replicaSet=rs0&authSource=crm"' "${config[@]}"
  has "… over TLS where it has that" 'MONGO_PARAMETERS: "replicaSet=rs0&authSource=crm&tls=true"' --set mongodb.tls.enabled=true "${config[@]}"
  has "… or as one server" 'MONGO_HOST: "test-mongodb.registry.svc.cluster.local"' --set mongodb.architecture=standalone "${config[@]}"
  has "… with the password of its Secret, as a file" "secretName: holdergraph-mongodb defaultMode: 0440 items: - key: mongodb-passwords path: MONGO_PASSWORD" \
    "${deployment[@]}"
  values=ci/values.yaml
}

show_secrets() {
  local name
  for name in LCRYPTO_ENCRYPT_SECRET_KEY LCRYPTO_HASH_SECRET_KEY AUDIT_SECRET_KEY; do
    has "$name is a file" "name: ${name}_FILE value: /run/secrets/holdergraph/$name" "${deployment[@]}"
    has "… of the Secret that was named" "- key: $name path: $name" "${deployment[@]}"
  done
  has "that Secret is mounted" "secret: secretName: holdergraph-keys" "${deployment[@]}"
  lacks "no key is an environment variable" "secretKeyRef"
  values=examples/embedded-store.yaml
  local given=(--set useExistingSecret=false,existingSecretName= --set-string "$three_keys")
  has "secrets in the values become a Secret" "kind: Secret metadata: name: test-holdergraph-keys" "${given[@]}"
  has "… that outlives the release, as the data does" "helm.sh/resource-policy: keep" "${given[@]}" --show-only templates/secret.yaml
  has "… that the pod mounts" "secretName: test-holdergraph-keys" "${given[@]}" "${deployment[@]}"
  values=examples/external-secrets.yaml
  has "External Secrets makes the Secret" "target: name: test-holdergraph-keys" --show-only templates/externalsecret.yaml
  has "… from the secret manager" "secretKey: MONGO_URI remoteRef: key: holdergraph/mongodb property: uri" --show-only templates/externalsecret.yaml
  has "… and the pod waits for it" "secretName: test-holdergraph-keys" "${deployment[@]}"
  values=examples/secrets-store-csi.yaml
  has "the CSI driver mounts the keys" "driver: secrets-store.csi.k8s.io readOnly: true volumeAttributes: secretProviderClass: test-holdergraph-keys" "${deployment[@]}"
  has "… from where the provider has them" "provider: vault parameters: objects:" --show-only templates/secretproviderclass.yaml
  values=ci/values.yaml
}

show_files() {
  values=examples/tls.yaml
  has "certificate and key are one folder, so that they change together" \
    "secretName: holdergraph-tls defaultMode: 0440 items: - key: \"tls.crt\" path: \"tls.crt\" - key: \"tls.key\" path: \"tls.key\"" "${deployment[@]}"
  has "the setting is the file's path" "name: TLS_CERT_FILE value: /etc/holdergraph/secret/holdergraph-tls/tls.crt" "${deployment[@]}"
  lacks "no file is a subPath, which would never change" "subPath" "${deployment[@]}"
  has "where clients show certificates the kubelet asks the ops port" "readinessProbe: httpGet: path: /readyz port: ops scheme: HTTP " "${deployment[@]}"
  values=examples/embedded-store.yaml
  has "with a certificate the kubelet asks by HTTPS" "readinessProbe: httpGet: path: /readyz port: http scheme: HTTPS " "${deployment[@]}"
  has "a folder of manifests is mounted whole" "value: /etc/holdergraph/configmap/documents" \
    --set files.TRUSTED_DOCUMENTS_FILE.configMap=documents "${deployment[@]}"
  values=ci/values.yaml
}

show_network() {
  has "nothing comes in and nothing leaves" "policyTypes: [Ingress, Egress]" "${policy[@]}"
  has "… but labelled callers" 'podSelector: matchLabels: holdergraph.io/client: "true" ports: - protocol: TCP port: 4003' "${policy[@]}"
  has "… names" "k8s-app: kube-dns ports: - protocol: UDP port: 53 - protocol: TCP port: 53" "${policy[@]}"
  has "… the ledger, where its URL says" "kubernetes.io/metadata.name: midaz ports: - protocol: TCP port: 3002" "${policy[@]}"
  has "… Access Manager, where its URL says" "kubernetes.io/metadata.name: midaz-plugins ports: - protocol: TCP port: 4000" "${policy[@]}"
  lacks "… no database where there is none" "27017" "${policy[@]}"
  lacks "… no key server where there is none" "AUTH_JWKS_URL" "${policy[@]}"
  has "a URL of the own namespace" "MIDAZ_LEDGER_URL - to: - podSelector: {} ports: - protocol: TCP port: 80" \
    --set configmap.MIDAZ_LEDGER_URL=http://ledger "${policy[@]}"
  has "a URL of an address" "cidr: 10.1.2.3/32 ports: - protocol: TCP port: 443" --set configmap.MIDAZ_LEDGER_URL=https://10.1.2.3/v1 "${policy[@]}"
  has "peers and a port of one's own" "MIDAZ_LEDGER_URL - to: - ipBlock: cidr: 10.0.0.0/8 ports: - protocol: TCP port: 8443" \
    --set 'networkPolicy.egress.ledger.to[0].ipBlock.cidr=10.0.0.0/8,networkPolicy.egress.ledger.port=8443' "${policy[@]}"
  has "pods by an expression" "matchExpressions: - key: app operator: In values: - a" "${policy[@]}" --set-json \
    'networkPolicy.ingress.from=[{"podSelector":{"matchExpressions":[{"key":"app","operator":"In","values":["a"]}]}},{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}},{"podSelector":{}}]'
  has "names from the node's own cache" "ipBlock: cidr: 169.254.20.10/32 ports: - protocol: UDP port: 53" "${policy[@]}" \
    --set-json 'networkPolicy.egress.dns={"to":[{"ipBlock":{"cidr":"169.254.20.10/32"}}],"port":53}'
  has "names from OpenShift" "kubernetes.io/metadata.name: openshift-dns ports: - protocol: UDP port: 5353 - protocol: TCP port: 5353" "${policy[@]}" \
    --set-json 'networkPolicy.egress.dns={"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"openshift-dns"}}}],"port":5353}'
  lacks "metrics are for nobody unless somebody is named" "# Metrics." "${policy[@]}"
  has "nobody at all where nobody is named" "ingress: []" --set networkPolicy.ingress.from=null,test.enabled=false "${policy[@]}"
  values=examples/tls.yaml
  has "the database, on its own port" "kubernetes.io/metadata.name: databases ports: - protocol: TCP port: 27018" "${policy[@]}"
  values=examples/telemetry.yaml
  has "the collector, where its URL says" "kubernetes.io/metadata.name: observability ports: - protocol: TCP port: 4318" "${policy[@]}"
  lacks "a collector in the pod itself needs no way" "# OTEL_EXPORTER_OTLP_ENDPOINT" \
    --set configmap.OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 "${policy[@]}"
  values=examples/mesh.yaml
  has "a mesh's control plane" "app: istiod" "${policy[@]}"
  has "… whose sidecar stays as long as the service may" "terminationDrainDuration: 60s" "${deployment[@]}"
  has "… which is the pod's grace" "terminationGracePeriodSeconds: 60" "${deployment[@]}"
  lacks "… and where no test's pod is, since it has no sidecar" "helm.sh/hook: test"
  values=examples/bundled-mongodb.yaml
  has "Bitnami's MongoDB of this release only" "podSelector: matchLabels: app.kubernetes.io/instance: test app.kubernetes.io/name: mongodb ports: - protocol: TCP port: 27017" \
    "${policy[@]}"
  values=ci/values.yaml
  lacks "policies of one's own instead" "kind: NetworkPolicy" --set networkPolicy.enabled=false
  has "a Service inside the cluster" "type: ClusterIP" --show-only templates/service.yaml
  lacks "the ops port is not in the callers' Service" "9103" --show-only templates/service.yaml
  lacks "no ingress" "kind: Ingress
"
  has "an ingress with TLS has the API only" "path: /graphql pathType: Exact" --show-only templates/ingress.yaml \
    --set ingress.enabled=true,ingress.className=internal,ingress.host=holdergraph.internal,ingress.tls.secretName=tls \
    --set 'networkPolicy.ingress.from[0].namespaceSelector.matchLabels.kubernetes\.io/metadata\.name=ingress-internal'
}

show_jobs() {
  lacks "no job unless it is asked for" "kind: Job"
  lacks "no backup unless it is asked for" "kind: CronJob"
  values=examples/mongodb-production.yaml
  local job=(--show-only templates/migrate/job.yaml)
  has "a job before an upgrade" "helm.sh/hook: pre-upgrade" "${job[@]}"
  lacks "… reads no ConfigMap, which may not be there yet" "configMapRef" "${job[@]}"
  has "… knows the database itself" "name: MONGO_NAME value: \"holdergraph\"" "${job[@]}"
  lacks "… has no key" "LCRYPTO" "${job[@]}"
  has "… stays where it failed, for its log" "helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded spec:" "${job[@]}"
  has "… but not what it needed" "helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded,hook-failed" --show-only templates/migrate/needs.yaml
  has "… has a policy of its own before it" 'helm.sh/hook-weight: "-5"' --show-only templates/migrate/needs.yaml
  has "… that the job's pods are under" "app.kubernetes.io/name: holdergraph-migrate" "${job[@]}"
  local cron=(--show-only templates/backup/cronjob.yaml)
  has "a backup never runs twice at once" "concurrencyPolicy: Forbid" "${cron[@]}"
  has "… and keeps as many as one says" "name: BACKUP_KEEP value: \"30\"" "${cron[@]}"
  has "… logs in as its own user" "secretName: holdergraph-backup" "${cron[@]}"
  lacks "… has no key" "SECRET_KEY" "${cron[@]}"
  matches "… by our script, letter by letter" files/backup.sh "    " --show-only templates/backup/configmap.yaml
  local test=(--show-only templates/tests/test.yaml)
  has "helm test runs the flow" "args: - smoke - --url - https://test-holdergraph.registry.svc:4003 - --token-file - /run/secrets/test/token" "${test[@]}"
  has "… knows what the service knows of TLS" 'env: - name: ALLOW_INSECURE_TLS value: "false" - name: DEPLOYMENT_MODE value: "byoc"' "${test[@]}"
  has "… also that a mesh does it" 'name: ALLOW_INSECURE_TLS value: "true"' --set configmap.ALLOW_INSECURE_TLS=true "${test[@]}"
  values=ci/secrets-in-values.yaml
  has "the job's Secret is its own, with the database's password alone" "name: test-holdergraph-migrate labels:" --show-only templates/migrate/needs.yaml
  lacks "… and no key" "_SECRET_KEY" --show-only templates/migrate/needs.yaml
  has "… which it mounts" "secretName: test-holdergraph-migrate defaultMode: 0440 items: - key: MONGO_PASSWORD" "${job[@]}"
  has "a backup logs in as the service where it has no user of its own" "name: MONGO_PASSWORD_FILE value: /run/secrets/holdergraph/MONGO_PASSWORD" "${cron[@]}"
  lacks "… and has no key either" "SECRET_KEY" "${cron[@]}"
  short_names
  values=ci/values.yaml
  has "… or asks whether it is ready" "args: - health - --ready" "${test[@]}"
  has "… at the ops Service" 'value: "$(TEST_HOLDERGRAPH_OPS_SERVICE_HOST):9103"' "${test[@]}"
  has "… and is let in there" "app.kubernetes.io/name: holdergraph-test app.kubernetes.io/instance: test ports: - protocol: TCP port: 9103" "${policy[@]}"
}

# However long a release's name is, the names that come of it are no longer than Kubernetes takes.
short_names() {
  local out release long
  release=$(printf 'r%.0s' {1..53})
  out=$(helm template "$release" . --kube-version "$chart_kubernetes" --values "$values" 2>&1)
  long=$(sed -nE 's/^  name: (.*)$/\1/p' <<<"$out" | awk 'length > 63')
  long+=$(awk '/^kind: /{kind=$2} /^  name: /{if (kind == "CronJob" && length($2) > 52) print $2}' <<<"$out")
  if [[ $out == *"kind: CronJob"* && -z $long ]]; then
    good "names of a long release are short enough"
  else
    bad "names of a long release are short enough" "${long:-${out:0:500}}"
  fi
}

show_metrics() {
  lacks "no rules unless they are asked for" "kind: PrometheusRule"
  lacks "no dashboard unless it is asked for" "dashboard"
  lacks "no monitor unless it is asked for" "kind: ServiceMonitor"
  values=examples/telemetry.yaml
  has "a monitor of the ops port" "endpoints: - port: ops path: /metrics" --show-only templates/servicemonitor.yaml
  has "… which Prometheus reaches" "kubernetes.io/metadata.name: monitoring ports: - protocol: TCP port: 9103" "${policy[@]}"
  has "… with the labels that Prometheus selects it by" "release: prometheus spec: " --show-only templates/servicemonitor.yaml
  values=ci/values.yaml
  local rules=(--set metrics.rules.enabled=true --show-only templates/rules.yaml)
  has "the rules, where they are asked for" "kind: PrometheusRule" "${rules[@]}"
  has "… with the labels that Prometheus selects them by" "release: prometheus spec: " --set metrics.rules.labels.release=prometheus "${rules[@]}"
  matches "… letter by letter" files/rules.yaml "  " "${rules[@]}"
  local dashboard=(--set metrics.dashboard.enabled=true --show-only templates/dashboard.yaml)
  has "the dashboard, where it is asked for" "name: test-holdergraph-dashboard" "${dashboard[@]}"
  has "… with the label that Grafana looks for" 'grafana_dashboard: "1" data: ' "${dashboard[@]}"
  matches "… letter by letter" files/dashboard.json "    " "${dashboard[@]}"
}

show_the_rest() {
  local line
  for line in 'SERVER_ADDRESS: "0.0.0.0:4003"' 'OPS_ADDRESS: "0.0.0.0:9103"' 'DEPLOYMENT_MODE: "saas"' 'ALLOW_INSECURE_TLS: "true"' \
    'PLUGIN_AUTH_ADDRESS: "https://access-manager.midaz-plugins.svc:4000"' 'MIDAZ_LEDGER_URL: "https://ledger.midaz.svc:3002"' \
    'LOG_LEVEL: "info"'; do
    has "the setting $line" "$line" "${config[@]}"
  done
  has "without Access Manager in local mode" 'PLUGIN_AUTH_ENABLED: "false"' \
    --set configmap.PLUGIN_AUTH_ENABLED=false,configmap.DEPLOYMENT_MODE=local,configmap.PLUGIN_AUTH_ADDRESS= "${config[@]}"
  has "an account that is there already" "serviceAccountName: mine" --set serviceAccount.create=false,serviceAccount.name=mine "${deployment[@]}"
  lacks "… and then no other is made" "kind: ServiceAccount" --set serviceAccount.create=false,serviceAccount.name=mine
  show_roles
}

# The roles for Access Manager are JSON, and docs/access-manager-roles.md has each of them with each of its grants.
show_roles() {
  succeeds "the page of roles has every role and grant of the seed" node -e '
    const { readFileSync } = require("node:fs");
    const { roles } = JSON.parse(readFileSync("files/access-manager-roles.json", "utf8"));
    const page = readFileSync(`${process.argv[1]}/docs/access-manager-roles.md`, "utf8");
    const rows = roles.map(({ name, grants }) =>
      `| \`${name}\` | ${grants.map(({ resource, actions }) => `\`${resource}\`: ${actions.map((action) => `\`${action}\``).join(", ")}`).join("; ")} |`);
    const missing = rows.filter((row) => !page.includes(row));
    if (roles.length === 0 || missing.length > 0) throw new Error(`docs/access-manager-roles.md lacks\n${missing.join("\n")}`);' "$scripts/.."
}
