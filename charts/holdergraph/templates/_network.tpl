{{/* Whom a host name means, as peers, e.g. (dict "hosts" (list "ledger.midaz.svc") "to" list "value" "…" "setting" "…"). */}}
{{- define "holdergraph.peers" -}}
{{- if .to -}}
{{- toYaml .to -}}
{{- else -}}
{{- $peers := list -}}
{{- range .hosts -}}
{{- $host := . | trimSuffix "." | trimPrefix "[" | trimSuffix "]" -}}
{{- if regexMatch "^[0-9.]+$" $host -}}
{{- $peers = append $peers (dict "ipBlock" (dict "cidr" (printf "%s/32" $host))) -}}
{{- else if contains ":" $host -}}
{{- $peers = append $peers (dict "ipBlock" (dict "cidr" (printf "%s/128" $host))) -}}
{{- else if not (contains "." $host) -}}
{{- $peers = append $peers (dict "podSelector" dict) -}}
{{- else if regexMatch "\\.svc(\\.cluster\\.local)?$" $host -}}
{{- $namespace := regexReplaceAll "^.*?([^.]+)\\.svc(\\.cluster\\.local)?$" $host "${1}" -}}
{{- $peers = append $peers (dict "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" $namespace))) -}}
{{- else -}}
{{- fail (printf "%s is required: %s says %s, which names no Service of this cluster; say which addresses or pods that is, e.g. [{ipBlock: {cidr: 10.20.0.0/16}}]" $.value $.setting $host) -}}
{{- end -}}
{{- end -}}
{{- $peers | uniq | toYaml -}}
{{- end -}}
{{- end }}

{{/* "true" where a URL is of the pod itself, such as a sidecar's. */}}
{{- define "holdergraph.inThisPod" -}}
{{- if has (urlParse .).hostname (list "localhost" "127.0.0.1" "::1") }}true{{ end -}}
{{- end }}

{{/* The way out to a URL, e.g. (dict "root" $ "what" "ledger" "setting" "MIDAZ_LEDGER_URL"); nothing where it is not set. */}}
{{- define "holdergraph.wayToUrl" -}}
{{- $text := include "holdergraph.setting" (dict "root" .root "name" .setting) -}}
{{- if and $text (not (include "holdergraph.inThisPod" $text)) -}}
{{- $way := get .root.Values.networkPolicy.egress .what -}}
{{- $url := urlParse $text -}}
{{- $port := $way.port | default (regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host)) | default (ternary "443" "80" (eq $url.scheme "https")) -}}
# {{ .setting }}
- to:
    {{- include "holdergraph.peers" (dict "hosts" (list $url.hostname) "to" $way.to "value" (printf "networkPolicy.egress.%s.to" .what) "setting" (printf "configmap.%s" .setting)) | nindent 4 }}
  ports:
    - protocol: TCP
      port: {{ int $port }}
{{- end -}}
{{- end }}

{{- define "holdergraph.wayToNames" -}}
{{- $dns := .Values.networkPolicy.egress.dns -}}
# Names.
- to:
    {{- required "networkPolicy.egress.dns.to is required: without names no URL works" $dns.to | toYaml | nindent 4 }}
  ports:
    - protocol: UDP
      port: {{ int $dns.port }}
    - protocol: TCP
      port: {{ int $dns.port }}
{{- end }}

{{/* The way out to MongoDB; nothing with the embedded store. */}}
{{- define "holdergraph.wayToMongo" -}}
{{- if include "holdergraph.mongo" . -}}
{{- $way := .Values.networkPolicy.egress.mongodb -}}
{{- $settings := include "holdergraph.settings" . | fromJson -}}
{{- $to := $way.to -}}
{{- if and .Values.mongodb.enabled (not $to) -}}
{{- $to = list (dict "podSelector" (dict "matchLabels" (dict "app.kubernetes.io/name" (.Values.mongodb.nameOverride | default "mongodb") "app.kubernetes.io/instance" .Release.Name))) -}}
{{- end -}}
{{- $hosts := list -}}
{{- $ports := list -}}
{{- range splitList "," ($settings.MONGO_HOST | default "") -}}
{{- $hosts = append $hosts (regexReplaceAll ":[0-9]+$" . "") -}}
{{- $ports = append $ports (regexFind "[0-9]+$" (regexFind ":[0-9]+$" .) | default $settings.MONGO_PORT | default "27017") -}}
{{- end -}}
{{- if not (or $to $settings.MONGO_HOST) -}}
{{- fail "networkPolicy.egress.mongodb.to is required: MongoDB's host stands in the secret MONGO_URI, which the chart does not read; say which pods or addresses it is, e.g. [{ipBlock: {cidr: 10.20.0.0/16}}]" -}}
{{- end -}}
# MongoDB.
- to:
    {{- include "holdergraph.peers" (dict "hosts" $hosts "to" $to "value" "networkPolicy.egress.mongodb.to" "setting" "configmap.MONGO_HOST") | nindent 4 }}
  ports:
    {{- if $way.port }}
    {{- $ports = list $way.port }}
    {{- end }}
    {{- range $ports | uniq }}
    - protocol: TCP
      port: {{ int . }}
    {{- end }}
{{- end -}}
{{- end }}

{{/* The policy of a job that opens MongoDB: nothing comes in, names and MongoDB go out. */}}
{{- define "holdergraph.mongoJobPolicy" -}}
podSelector:
  matchLabels:
    {{- include "holdergraph.jobSelector" . | nindent 4 }}
policyTypes: [Ingress, Egress]
ingress: []
egress:
  {{- include "holdergraph.wayToNames" .root | nindent 2 }}
  {{- include "holdergraph.wayToMongo" .root | nindent 2 }}
  {{- with .root.Values.networkPolicy.extraEgress }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
