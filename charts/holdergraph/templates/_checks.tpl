{{/* What would start and then refuse to run, lose data or be open to others is refused here. */}}
{{- define "holdergraph.check" -}}
{{- include "holdergraph.checkSecrets" . -}}
{{- include "holdergraph.checkStore" . -}}
{{- include "holdergraph.checkUpstreams" . -}}
{{- include "holdergraph.checkPairs" . -}}
{{- include "holdergraph.checkTls" . -}}
{{- include "holdergraph.checkLife" . -}}
{{- end }}

{{- define "holdergraph.checkSecrets" -}}
{{- $sources := list -}}
{{- if .Values.secrets }}{{ $sources = append $sources "secrets" }}{{ end -}}
{{- if .Values.useExistingSecret }}{{ $sources = append $sources "useExistingSecret" }}{{ end -}}
{{- if .Values.externalSecrets.enabled }}{{ $sources = append $sources "externalSecrets.enabled" }}{{ end -}}
{{- if .Values.secretsStoreCsi.enabled }}{{ $sources = append $sources "secretsStoreCsi.enabled" }}{{ end -}}
{{- if gt (len $sources) 1 -}}
{{- fail (printf "%s are set, but secrets come from one place: choose one of them" (join " and " $sources)) -}}
{{- end -}}
{{- if and .Values.useExistingSecret (not .Values.existingSecretName) -}}
{{- fail "existingSecretName is required with useExistingSecret: a Secret with the keys LCRYPTO_ENCRYPT_SECRET_KEY, LCRYPTO_HASH_SECRET_KEY and AUDIT_SECRET_KEY" -}}
{{- end -}}
{{- if and .Values.existingSecretName (not .Values.useExistingSecret) -}}
{{- fail (printf "existingSecretName is %s, but useExistingSecret is false: set it to true, or leave the name out" .Values.existingSecretName) -}}
{{- end -}}
{{- $value := ternary "existingSecretKeys" (ternary "externalSecrets.data" (ternary "secretsStoreCsi.keys" "secrets" .Values.secretsStoreCsi.enabled) .Values.externalSecrets.enabled) .Values.useExistingSecret -}}
{{- $names := include "holdergraph.secretNames" . | fromJsonArray -}}
{{- range list "LCRYPTO_ENCRYPT_SECRET_KEY" "LCRYPTO_HASH_SECRET_KEY" "AUDIT_SECRET_KEY" -}}
{{- if not (has . $names) -}}
{{- if eq $value "secrets" -}}
{{- fail (printf "secrets.%s is required, and has no default: `holdergraph keys generate` makes one; better keep it in a Secret and set useExistingSecret and existingSecretName" .) -}}
{{- else -}}
{{- fail (printf "%s lacks %s, which is required: `holdergraph keys generate` makes one" $value .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $secret := .Values.secrets -}}
{{- if not $secret -}}
{{- fail (printf "secrets.%s is empty%s" $name (hasSuffix "_SECRET_KEY" $name | ternary ": `holdergraph keys generate` makes one" ": give it, or leave it out")) -}}
{{- end -}}
{{- if and (hasSuffix "_SECRET_KEY" $name) (not (regexMatch "^[0-9a-fA-F]{64}$" $secret)) -}}
{{- fail (printf "secrets.%s must be 64 hex digits: `holdergraph keys generate` makes one" $name) -}}
{{- end -}}
{{- end -}}
{{- $keys := list -}}
{{- range $name, $secret := .Values.secrets -}}
{{- if hasSuffix "_SECRET_KEY" $name -}}
{{- if has (lower $secret) $keys -}}
{{- fail (printf "secrets.%s is the same as another key: each must be its own, and `holdergraph keys generate` makes a set" $name) -}}
{{- end -}}
{{- $keys = append $keys (lower $secret) -}}
{{- end -}}
{{- end -}}
{{- if and (has "MIDAZ_CLIENT_SECRET" $names) (not (include "holdergraph.setting" (dict "root" . "name" "MIDAZ_CLIENT_ID"))) -}}
{{- fail "configmap.MIDAZ_CLIENT_ID is required with the secret MIDAZ_CLIENT_SECRET: it is that client's" -}}
{{- end -}}
{{- if and (include "holdergraph.setting" (dict "root" . "name" "MIDAZ_CLIENT_ID")) (not (has "MIDAZ_CLIENT_SECRET" $names)) -}}
{{- fail (printf "configmap.MIDAZ_CLIENT_ID needs the secret MIDAZ_CLIENT_SECRET too: add it to %s" $value) -}}
{{- end -}}
{{- end }}

{{- define "holdergraph.checkUpstreams" -}}
{{- $mode := include "holdergraph.setting" (dict "root" . "name" "DEPLOYMENT_MODE") | default "saas" -}}
{{- $ignored := required "configmap.MIDAZ_LEDGER_URL is required: the base URL of the ledger" .Values.configmap.MIDAZ_LEDGER_URL -}}
{{- if eq (include "holdergraph.setting" (dict "root" . "name" "PLUGIN_AUTH_ENABLED")) "false" -}}
{{- if ne $mode "local" -}}
{{- fail (printf "configmap.PLUGIN_AUTH_ENABLED is false, which goes only with DEPLOYMENT_MODE local; here it is %s" $mode) -}}
{{- end -}}
{{- else if not (or .Values.configmap.PLUGIN_AUTH_ADDRESS .Values.configmap.PLUGIN_AUTH_HOST) -}}
{{- fail "configmap.PLUGIN_AUTH_ADDRESS is required: the base URL of Access Manager" -}}
{{- end -}}
{{- if ne $mode "local" -}}
{{- if ne (include "holdergraph.setting" (dict "root" . "name" "ALLOW_INSECURE_TLS")) "true" -}}
{{- range list "MIDAZ_LEDGER_URL" "PLUGIN_AUTH_ADDRESS" "PLUGIN_AUTH_HOST" "AUTH_JWKS_URL" "OTEL_EXPORTER_OTLP_ENDPOINT" -}}
{{- $url := get $.Values.configmap . | default "" -}}
{{- if and (hasPrefix "http://" $url) (not (and (hasPrefix "OTEL_" .) (include "holdergraph.inThisPod" $url))) -}}
{{- fail (printf "configmap.%s is plain http, which is refused outside DEPLOYMENT_MODE=local: use https, or ALLOW_INSECURE_TLS=true where a mesh does the TLS" .) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (eq (include "holdergraph.setting" (dict "root" . "name" "ENABLE_TELEMETRY")) "true") (not .Values.configmap.OTEL_EXPORTER_OTLP_ENDPOINT) -}}
{{- fail "configmap.OTEL_EXPORTER_OTLP_ENDPOINT is required with ENABLE_TELEMETRY: the base URL of the collector" -}}
{{- end -}}
{{- end }}

{{/* Settings that the service takes with another one only. */}}
{{- define "holdergraph.checkPairs" -}}
{{- $anyone := eq (include "holdergraph.setting" (dict "root" . "name" "PLUGIN_AUTH_ENABLED")) "false" -}}
{{- $client := include "holdergraph.setting" (dict "root" . "name" "MIDAZ_CLIENT_ID") -}}
{{- if and (include "holdergraph.setting" (dict "root" . "name" "LINK_CHECK_INTERVAL")) (not (or $client $anyone)) -}}
{{- fail "configmap.LINK_CHECK_INTERVAL needs configmap.MIDAZ_CLIENT_ID and the secret MIDAZ_CLIENT_SECRET: nobody calls when links are checked, so the service must have a token of its own" -}}
{{- end -}}
{{- $documents := include "holdergraph.setting" (dict "root" . "name" "TRUSTED_DOCUMENTS") -}}
{{- if and (has $documents (list "warn" "enforce")) (not (hasKey .Values.files "TRUSTED_DOCUMENTS_FILE")) -}}
{{- fail (printf "files.TRUSTED_DOCUMENTS_FILE is required with configmap.TRUSTED_DOCUMENTS %s: the manifest, e.g. {configMap: documents, key: all.json}" $documents) -}}
{{- end -}}
{{- $limit := include "holdergraph.setting" (dict "root" . "name" "RATE_LIMIT_PER_MINUTE") | default "off" -}}
{{- if and (include "holdergraph.setting" (dict "root" . "name" "RATE_LIMIT_BURST")) (eq $limit "off") -}}
{{- fail "configmap.RATE_LIMIT_PER_MINUTE is required with configmap.RATE_LIMIT_BURST, as a number: without a limit there is no burst of it" -}}
{{- end -}}
{{- end }}

{{- define "holdergraph.checkTls" -}}
{{- range $one, $other := dict "TLS_CERT_FILE" "TLS_KEY_FILE" "TLS_KEY_FILE" "TLS_CERT_FILE" "TLS_CLIENT_CA_FILE" "TLS_CERT_FILE" "UPSTREAM_CLIENT_CERT_FILE" "UPSTREAM_CLIENT_KEY_FILE" "UPSTREAM_CLIENT_KEY_FILE" "UPSTREAM_CLIENT_CERT_FILE" "MONGO_TLS_CLIENT_KEY_FILE" "MONGO_TLS_CLIENT_CERT_FILE" -}}
{{- if and (hasKey $.Values.files $one) (not (hasKey $.Values.files $other)) -}}
{{- fail (printf "files.%s is required with files.%s" $other $one) -}}
{{- end -}}
{{- end -}}
{{- range $name, $source := .Values.files -}}
{{- if not (or (get $source "key") (eq $name "TRUSTED_DOCUMENTS_FILE")) -}}
{{- fail (printf "files.%s.key is required: which key of %s" $name (get $source "secret" | default (get $source "configMap"))) -}}
{{- end -}}
{{- end -}}
{{- $mode := include "holdergraph.setting" (dict "root" . "name" "DEPLOYMENT_MODE") | default "saas" -}}
{{- $insecure := eq (include "holdergraph.setting" (dict "root" . "name" "ALLOW_INSECURE_TLS")) "true" -}}
{{- if not (or (eq $mode "local") $insecure (include "holdergraph.tls" .)) -}}
{{- fail (printf "files.TLS_CERT_FILE and files.TLS_KEY_FILE are required with DEPLOYMENT_MODE %s, where the service serves TLS only; or set configmap.ALLOW_INSECURE_TLS=true where a mesh does the TLS" $mode) -}}
{{- end -}}
{{- end }}

{{- define "holdergraph.checkLife" -}}
{{- $needed := atoi (include "holdergraph.grace" .) -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) $needed -}}
{{- fail (printf "terminationGracePeriodSeconds is %d, but a pod may take %d s to end: preStopSleepSeconds + DRAIN_SECONDS + SHUTDOWN_TIMEOUT + 22 (what is left then of link checks, of the audit trail and of traces)" (int .Values.terminationGracePeriodSeconds) $needed) -}}
{{- end -}}
{{- if gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas) -}}
{{- fail (printf "autoscaling.minReplicas is %d, above autoscaling.maxReplicas, %d" (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if and .Values.metrics.serviceMonitor.enabled .Values.networkPolicy.enabled (not .Values.networkPolicy.metrics.from) -}}
{{- fail "networkPolicy.metrics.from is required with metrics.serviceMonitor.enabled: Prometheus could not reach the pods; say where it is, e.g. [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]" -}}
{{- end -}}
{{- /* The default lets callers of the release's own namespace in, where no ingress controller is. */ -}}
{{- $callers := .Values.networkPolicy.ingress.from -}}
{{- $default := list (dict "podSelector" (dict "matchLabels" (dict "holdergraph.io/client" "true"))) -}}
{{- if and .Values.ingress.enabled .Values.networkPolicy.enabled (not .Values.networkPolicy.extraIngress) (or (empty $callers) (eq (toJson $callers) (toJson $default))) -}}
{{- fail "networkPolicy.ingress.from is required with ingress.enabled: its controller could not reach the pods; say where it is, e.g. [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-internal}}}], or set ingress.enabled=false" -}}
{{- end -}}
{{- end }}
