#!/usr/bin/env bash
# What the chart refuses to render, and how it says so. To be sourced by check-chart.

check_refusals() {
  refuse_secrets
  refuse_stores
  refuse_mongodb
  refuse_pairs
  refuse_connections
  refuse_lives
  refuse_spellings
}

# Three keys for secrets in the values: three_keys.
three_keys=secrets.LCRYPTO_ENCRYPT_SECRET_KEY=$(printf '0%.0s' {1..63})1
three_keys+=,secrets.LCRYPTO_HASH_SECRET_KEY=$(printf '0%.0s' {1..63})2
three_keys+=,secrets.AUDIT_SECRET_KEY=$(printf '0%.0s' {1..63})3

refuse_secrets() {
  values=examples/embedded-store.yaml
  local plain=(--set useExistingSecret=false,existingSecretName=)
  local name
  for name in LCRYPTO_ENCRYPT_SECRET_KEY LCRYPTO_HASH_SECRET_KEY AUDIT_SECRET_KEY; do
    refuses "no $name" "secrets.$name is required, and has no default" "${plain[@]}" --set-string "${three_keys/secrets.$name=/secrets.MONGO_URI=}"
    refuses "an empty $name" "secrets.$name is empty: \`holdergraph keys generate\` makes one" \
      "${plain[@]}" --set-string "$three_keys,secrets.$name="
  done
  refuses "a key that is none" "secrets.AUDIT_SECRET_KEY must be 64 hex digits" "${plain[@]}" --set-string "$three_keys,secrets.AUDIT_SECRET_KEY=changeme"
  refuses "two keys that are one" "secrets.LCRYPTO_HASH_SECRET_KEY is the same as another key" \
    "${plain[@]}" --set-string "$three_keys,secrets.LCRYPTO_HASH_SECRET_KEY=$(printf '0%.0s' {1..63})1"
  tells_no "the refusal tells nothing of it" changeme "${plain[@]}" --set-string "$three_keys,secrets.AUDIT_SECRET_KEY=changeme"
  refuses "no secrets at all" "secrets.LCRYPTO_ENCRYPT_SECRET_KEY is required" "${plain[@]}"
  refuses "an existing Secret without its name" "existingSecretName is required" --set existingSecretName=
  refuses "a name without useExistingSecret" "useExistingSecret is false" --set useExistingSecret=false
  refuses "an existing Secret without a key" "existingSecretKeys lacks AUDIT_SECRET_KEY" \
    --set 'existingSecretKeys={LCRYPTO_ENCRYPT_SECRET_KEY,LCRYPTO_HASH_SECRET_KEY}'
  refuses "secrets from two places" "secrets and useExistingSecret are set" --set-string "$three_keys"
  refuses "secrets from two other places" "externalSecrets.enabled and secretsStoreCsi.enabled are set" \
    "${plain[@]}" --set externalSecrets.enabled=true,secretsStoreCsi.enabled=true
  refuses "External Secrets without keys" "externalSecrets.data lacks LCRYPTO_ENCRYPT_SECRET_KEY" "${plain[@]}" --set externalSecrets.enabled=true
  refuses "a client without its secret" "configmap.MIDAZ_CLIENT_ID needs the secret MIDAZ_CLIENT_SECRET" --set configmap.MIDAZ_CLIENT_ID=a
  refuses "a client's secret without the client" "configmap.MIDAZ_CLIENT_ID is required" \
    --set 'existingSecretKeys={LCRYPTO_ENCRYPT_SECRET_KEY,LCRYPTO_HASH_SECRET_KEY,AUDIT_SECRET_KEY,MIDAZ_CLIENT_SECRET}'
  values=examples/external-secrets.yaml
  refuses "External Secrets without a store" "externalSecrets.secretStoreRef.name is required" --set externalSecrets.secretStoreRef.name=
  values=examples/secrets-store-csi.yaml
  refuses "a CSI volume without a provider" "secretsStoreCsi.provider is required" --set secretsStoreCsi.provider=
  refuses "a CSI volume without parameters" "secretsStoreCsi.parameters is required" --set secretsStoreCsi.parameters=null
  values=ci/values.yaml
}

refuse_stores() {
  refuses "two pods over SQLite" "replicaCount is 2, but at most 1 can run: the store is SQLite" --set replicaCount=2
  refuses "autoscaling over SQLite" "autoscaling.enabled is true, but the store is SQLite" --set autoscaling.enabled=true
  refuses "a migration job over SQLite" "migrate.enabled is true, but the store is SQLite" --set migrate.enabled=true
  refuses "mongodump over SQLite" "backup.enabled is true, but the store is SQLite" --set backup.enabled=true
  refuses "MongoDB's host without MONGO_URI" "configmap.MONGO_HOST is set, but nothing says MongoDB" --set configmap.MONGO_HOST=mongo
  refuses "MongoDB's certificates without MONGO_URI" "files.MONGO_TLS_CA_CERT_FILE is set, but nothing says MongoDB" \
    --set files.MONGO_TLS_CA_CERT_FILE.secret=ca,files.MONGO_TLS_CA_CERT_FILE.key=ca.crt
  refuses "a scheme without a host" "configmap.MONGO_HOST is required" --set configmap.MONGO_URI=mongodb
  refuses "a password in configmap" "at '/configmap/MONGO_URI': value must be one of 'mongodb', 'mongodb+srv'" \
    --set configmap.MONGO_URI=mongodb://user:geheim@mongo
  tells_no "… and the refusal tells nothing of it" geheim --set configmap.MONGO_URI=mongodb://user:geheim@mongo
  values=examples/autoscaling.yaml
  refuses "MONGO_URI in two places" "MONGO_URI is in configmap and among the secrets" --set configmap.MONGO_URI=mongodb,configmap.MONGO_HOST=mongo
  refuses "fewer pods at most than at least" "autoscaling.minReplicas is 4, above autoscaling.maxReplicas, 3" \
    --set autoscaling.minReplicas=4,autoscaling.maxReplicas=3
  refuses "a single pod with autoscaling" "minReplicas" --set autoscaling.minReplicas=1
  values=examples/bundled-mongodb.yaml
  refuses "Bitnami's MongoDB without a Secret" "mongodb.auth.existingSecret is required" --set mongodb.auth.existingSecret=
  refuses "a password in the values" "mongodb.auth.rootPassword is set" --set mongodb.auth.rootPassword=geheim
  refuses "Bitnami's MongoDB without a login" "mongodb.auth.enabled is false" --set mongodb.auth.enabled=false
  refuses "Bitnami's MongoDB and another" "configmap.MONGO_HOST is set, but with mongodb.enabled" --set configmap.MONGO_HOST=mongo
  values=examples/mongodb-production.yaml
  refuses "a backup without an image" "backup.image.repository is required" --set backup.image.repository=
  refuses "a backup by a tag" "backup.image.digest is required" --set backup.image.digest=
  refuses "a backup to nowhere" "backup.claim is required" --set backup.claim=
  refuses "a test without an organization" "test.organizationId is required" --set test.organizationId=
  refuses "half an account to link" "test.ledgerId and test.accountId go together" --set test.accountId=
  refuses "a test without a certificate where one must be shown" "with files.TLS_CLIENT_CA_FILE every client must show a certificate" \
    --set files.TLS_CLIENT_CA_FILE.secret=ca,files.TLS_CLIENT_CA_FILE.key=ca.crt
  values=ci/values.yaml
}

# What the service would refuse when it starts, and so every pod.
refuse_pairs() {
  refuses "checks of links without a token for them" "configmap.LINK_CHECK_INTERVAL needs configmap.MIDAZ_CLIENT_ID" --set configmap.LINK_CHECK_INTERVAL=1d
  has "… unless everybody may do everything" 'LINK_CHECK_INTERVAL: "1d"' "${config[@]}" \
    --set configmap.LINK_CHECK_INTERVAL=1d,configmap.PLUGIN_AUTH_ENABLED=false,configmap.DEPLOYMENT_MODE=local
  local mode
  for mode in warn enforce; do
    refuses "TRUSTED_DOCUMENTS $mode without documents" "files.TRUSTED_DOCUMENTS_FILE is required with configmap.TRUSTED_DOCUMENTS $mode" \
      --set configmap.TRUSTED_DOCUMENTS=$mode
  done
  has "… which off needs not" 'TRUSTED_DOCUMENTS: "off"' --set-string configmap.TRUSTED_DOCUMENTS=off "${config[@]}"
  refuses "a burst without a limit" "configmap.RATE_LIMIT_PER_MINUTE is required with configmap.RATE_LIMIT_BURST" --set configmap.RATE_LIMIT_BURST=9
  refuses "a burst of no limit" "configmap.RATE_LIMIT_PER_MINUTE is required with configmap.RATE_LIMIT_BURST" \
    --set-string configmap.RATE_LIMIT_BURST=9,configmap.RATE_LIMIT_PER_MINUTE=off
  has "a burst of a limit" 'RATE_LIMIT_BURST: "9"' --set configmap.RATE_LIMIT_BURST=9,configmap.RATE_LIMIT_PER_MINUTE=60 "${config[@]}"
}

refuse_mongodb() {
  values=examples/secrets-store-csi.yaml
  local plain=(--set configmap.MONGO_URI=mongodb,configmap.MONGO_PARAMETERS=replicaSet=rs0)
  local message="configmap.MONGO_PARAMETERS says nothing of TLS or turns it off, and MongoDB without TLS is refused with DEPLOYMENT_MODE saas"
  refuses "MongoDB without TLS" "$message" "${plain[@]}"
  refuses "MongoDB with TLS turned off" "$message" --set 'configmap.MONGO_PARAMETERS=replicaSet=rs0&ssl=false'
  refuses "TLS turned off by name, and on by a certificate" "files.MONGO_TLS_… turn TLS on, and configmap.MONGO_PARAMETERS turns it off" \
    --values examples/mongodb-production.yaml --set secretsStoreCsi.enabled=false,configmap.MONGO_PARAMETERS=tls=false
  refuses "MongoDB whose certificate is not looked at" "configmap.MONGO_PARAMETERS has tlsInsecure or tlsAllowInvalidCertificates" \
    --set configmap.MONGO_PARAMETERS=tlsInsecure=true
  refuses "a port of addresses from DNS" "configmap.MONGO_PORT is set, but mongodb+srv takes ports from DNS" --set configmap.MONGO_PORT=27018
  has "… but a mesh may do it" 'MONGO_PARAMETERS: "replicaSet=rs0"' "${plain[@]}" --set configmap.ALLOW_INSECURE_TLS=true "${config[@]}"
  has "… and a machine of one's own needs none" 'MONGO_PARAMETERS: "replicaSet=rs0"' "${plain[@]}" --set configmap.DEPLOYMENT_MODE=local "${config[@]}"
  has "… ssl says it too" 'MONGO_PARAMETERS: "ssl=true"' "${plain[@]}" --set configmap.MONGO_PARAMETERS=ssl=true "${config[@]}"
  has "… and so does its authority" 'MONGO_PARAMETERS: "replicaSet=rs0"' "${plain[@]}" "${config[@]}" \
    --set files.MONGO_TLS_CA_CERT_FILE.secret=ca,files.MONGO_TLS_CA_CERT_FILE.key=ca.crt
  has "… and addresses from DNS" 'MONGO_PARAMETERS: "replicaSet=rs0"' --set configmap.MONGO_PARAMETERS=replicaSet=rs0 "${config[@]}"
  local without='secretsStoreCsi.keys={LCRYPTO_ENCRYPT_SECRET_KEY,LCRYPTO_HASH_SECRET_KEY,AUDIT_SECRET_KEY}'
  refuses "a user without a password" "configmap.MONGO_USER needs the secret MONGO_PASSWORD too" --set "$without"
  has "… but a certificate may stand for it" 'MONGO_USER: "holdergraph"' "${config[@]}" \
    --set "$without" --set 'configmap.MONGO_PARAMETERS=tls=true&authMechanism=MONGODB-X509'
  values=examples/autoscaling.yaml
  local keys='existingSecretKeys={LCRYPTO_ENCRYPT_SECRET_KEY,LCRYPTO_HASH_SECRET_KEY,AUDIT_SECRET_KEY,MONGO_URI,MONGO_PASSWORD}'
  refuses "a password of nobody" "configmap.MONGO_USER is required with the secret MONGO_PASSWORD" --set "$keys"
  has "a scheme in a Secret, which nobody reads here" 'MONGO_PARAMETERS: "replicaSet=rs0"' "${config[@]}" \
    --set "$keys" --set configmap.MONGO_HOST=mongo,configmap.MONGO_USER=holdergraph,configmap.MONGO_PARAMETERS=replicaSet=rs0
  values=examples/embedded-store.yaml
  local given=(--set useExistingSecret=false,existingSecretName= --set-string "$three_keys")
  refuses "a connection string in the values without TLS" "the secret MONGO_URI says nothing of TLS" "${given[@]}" \
    --set-string secrets.MONGO_URI=mongodb://user:geheim@mongo/
  tells_no "… and the refusal tells nothing of it" geheim "${given[@]}" --set-string secrets.MONGO_URI=mongodb://user:geheim@mongo/
  has "… and one with TLS" "replicas: 2" "${given[@]}" "${deployment[@]}" \
    --set-string 'secrets.MONGO_URI=mongodb://user:geheim@mongo/?replicaSet=rs0&tls=true,networkPolicy.egress.mongodb.to[0].ipBlock.cidr=10.0.0.0/8'
  values=examples/bundled-mongodb.yaml
  local closed=(--values examples/embedded-store.yaml --set configmap.ALLOW_INSECURE_TLS=false)
  refuses "Bitnami's MongoDB without TLS" "mongodb.tls.enabled is false, and MongoDB without TLS is refused" "${closed[@]}"
  has "… with TLS" "tls=true" "${closed[@]}" "${config[@]}" \
    --set mongodb.tls.enabled=true,files.MONGO_TLS_CA_CERT_FILE.secret=mongodb-ca,files.MONGO_TLS_CA_CERT_FILE.key=ca.crt
  refuses "its authority where it speaks no TLS" "files.MONGO_TLS_… turn TLS on, and mongodb.tls.enabled=false turns it off" \
    --set files.MONGO_TLS_CA_CERT_FILE.secret=mongodb-ca,files.MONGO_TLS_CA_CERT_FILE.key=ca.crt
  values=ci/values.yaml
}

refuse_connections() {
  refuses "no image that a cluster could pull" \
    "image.repository is required: the name under which you have pushed the image, such as registry.example/holdergraph" --set image.repository=
  refuses "no Access Manager" "configmap.PLUGIN_AUTH_ADDRESS is required" --set configmap.PLUGIN_AUTH_ADDRESS=
  refuses "no ledger" "configmap.MIDAZ_LEDGER_URL is required" --set configmap.MIDAZ_LEDGER_URL=
  refuses "no Access Manager outside local mode" "configmap.PLUGIN_AUTH_ENABLED is false, which goes only with DEPLOYMENT_MODE local" \
    --set configmap.PLUGIN_AUTH_ENABLED=false
  refuses "no TLS and no mesh" "files.TLS_CERT_FILE and files.TLS_KEY_FILE are required" --set configmap.ALLOW_INSECURE_TLS=false
  values=examples/embedded-store.yaml
  refuses "plain http without a mesh" "configmap.MIDAZ_LEDGER_URL is plain http" --set configmap.MIDAZ_LEDGER_URL=http://ledger:3002
  refuses "a file from two places" "/files/TLS_CERT_FILE" --set files.TLS_CERT_FILE.configMap=tls
  values=ci/values.yaml
  refuses "a certificate without its key" "files.TLS_KEY_FILE is required with files.TLS_CERT_FILE" \
    --set files.TLS_CERT_FILE.secret=tls,files.TLS_CERT_FILE.key=tls.crt
  refuses "a file without its key in the Secret" "files.UPSTREAM_CA_FILE.key is required" --set files.UPSTREAM_CA_FILE.secret=tls
  refuses "traces over plain http" "configmap.OTEL_EXPORTER_OTLP_ENDPOINT is plain http" --values examples/telemetry.yaml \
    --set configmap.ALLOW_INSECURE_TLS=false,configmap.OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318
  refuses "telemetry to nowhere" "configmap.OTEL_EXPORTER_OTLP_ENDPOINT is required" --set configmap.ENABLE_TELEMETRY=true
  refuses "a host outside the cluster that no policy can name" \
    "networkPolicy.egress.ledger.to is required: configmap.MIDAZ_LEDGER_URL says ledger.example" --set configmap.MIDAZ_LEDGER_URL=https://ledger.example
  refuses "a database that only a secret knows" "networkPolicy.egress.mongodb.to is required" \
    --set 'existingSecretKeys={LCRYPTO_ENCRYPT_SECRET_KEY,LCRYPTO_HASH_SECRET_KEY,AUDIT_SECRET_KEY,MONGO_URI}'
  refuses "no names" "networkPolicy.egress.dns.to is required" --set networkPolicy.egress.dns.to=null
  refuses "a monitor that reaches nobody" "networkPolicy.metrics.from is required" --set metrics.serviceMonitor.enabled=true
  local ingress=networkPolicy.enabled=false,ingress.enabled=true,ingress.className=internal,ingress.host=holdergraph.internal
  refuses "an ingress without TLS" "ingress.tls.secretName is required" --set "$ingress"
  refuses "an ingress without a host" "ingress.host is required" --set "$ingress,ingress.host=,ingress.tls.secretName=tls"
  local whole=$ingress,ingress.tls.secretName=tls,networkPolicy.enabled=true
  refuses "an ingress whose controller is not let in" "networkPolicy.ingress.from is required with ingress.enabled" --set "$whole"
  refuses "an ingress where nobody is let in" "networkPolicy.ingress.from is required with ingress.enabled" --set "$whole,networkPolicy.ingress.from=null"
  has "… but a rule of one's own may do it" "kind: Ingress" --set "$whole,networkPolicy.extraIngress[0].from[0].ipBlock.cidr=10.0.0.0/28"
  has "… or a policy of one's own" "kind: Ingress" --set "$whole,networkPolicy.enabled=false"
  refuses "an ingress of any class" "ingress.className is required" --set "$ingress,ingress.className=,ingress.tls.secretName=tls"
}

refuse_lives() {
  refuses "too short a life" "terminationGracePeriodSeconds is 51, but a pod may take 52 s to end" --set terminationGracePeriodSeconds=51
  refuses "a longer drain in the same life" "a pod may take 77 s to end" --set configmap.DRAIN_SECONDS=30
  refuses "longer requests in the same life" "a pod may take 123 s to end" --set 'configmap.SHUTDOWN_TIMEOUT=1m 30s 500ms'
  refuses "a longer preStop in the same life" "a pod may take 77 s to end" --set preStopSleepSeconds=30
  has "the life that is needed is enough" "terminationGracePeriodSeconds: 52" --set terminationGracePeriodSeconds=52
  refuses "a nameless account" "serviceAccount.name is required with serviceAccount.create=false" --set serviceAccount.create=false
}

refuse_spellings() {
  refuses "a misspelt value" "additional properties 'replicas' not allowed" --set replicas=1
  refuses "an unknown setting" "at '/configmap': additional properties 'LOG_LEVL' not allowed" --set configmap.LOG_LEVL=info
  refuses "a secret in configmap" "at '/configmap': additional properties 'AUDIT_SECRET_KEY' not allowed" --set configmap.AUDIT_SECRET_KEY=a
  refuses "an unknown secret" "at '/secrets': additional properties 'PASSWORD' not allowed" --set secrets.PASSWORD=a
  refuses "an unknown file" "at '/files': additional properties 'CA_FILE' not allowed" --set files.CA_FILE.secret=a
  refuses "an unknown audit stream" "AUDIT_STREAM" --set configmap.AUDIT_STREAM=kafka
  refuses "a duration without a unit" "REQUEST_TIMEOUT" --set configmap.REQUEST_TIMEOUT=10
  refuses "an unknown mode" "DEPLOYMENT_MODE" --set configmap.DEPLOYMENT_MODE=production
  refuses "a misspelt value of the rules" "additional properties 'enable' not allowed" --set metrics.rules.enable=true
  refuses "a digest that is none" "digest" --set image.digest=sha256:abc
  refuses "a slip in turning Bitnami's MongoDB on" "mongodb.enable is no value: mongodb.enabled was meant" --set mongodb.enable=true
  refuses "a second user of Bitnami's MongoDB" "at '/mongodb/auth/usernames': maxItems" --set 'mongodb.auth.usernames={a,b}'
  refuses "a second database of it" "at '/mongodb/auth/databases': maxItems" --set 'mongodb.auth.databases={a,b}'
  refuses "an authority of the test without its key" "at '/test/ca': missing property 'key'" --set test.ca.secret=tls
  refuses "an unknown resource" "at '/resources/limits': additional properties 'mem' not allowed" --set resources.limits.mem=1Gi
  refuses "a misspelt selector of pods" "at '/networkPolicy/ingress/from/0/podSelector': additional properties 'matchLabel' not allowed" \
    --set 'networkPolicy.ingress.from[0].podSelector.matchLabel.app=a'
  refuses "a misspelt selector of namespaces" "additional properties 'labels' not allowed" \
    --set 'networkPolicy.metrics.from[0].namespaceSelector.labels.app=a'
  refuses "an expression without an operator" "missing property 'operator'" --set 'networkPolicy.ingress.from[0].podSelector.matchExpressions[0].key=app'
  refuses "a range of addresses without one" "missing property 'cidr'" --set 'networkPolicy.egress.ledger.to[0].ipBlock.except[0]=10.0.0.0/8'
  refuses "addresses and pods in one peer" "maxProperties" \
    --set 'networkPolicy.egress.ledger.to[0].ipBlock.cidr=10.0.0.0/8,networkPolicy.egress.ledger.to[0].podSelector.matchLabels.app=a'
  refuses "no limit of disk" "missing property 'ephemeral-storage'" --set resources.limits.ephemeral-storage=null
}

# tells_no NAME TEXT [helm's options]: rendering fails, and what it says does not hold the text.
tells_no() {
  local name=$1 text=$2 out
  shift 2
  if out=$(render "$@"); then
    bad "$name" "it rendered"
  elif [[ $out == *Error:* && $out != *"$text"* ]]; then
    good "$name"
  else
    bad "$name" "it says: $out"
  fi
}
