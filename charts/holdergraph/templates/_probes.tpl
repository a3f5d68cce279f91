{{/*
Alive by /health, ready by /readyz. Where clients must show a certificate, both are asked at the ops port: the kubelet
shows none.
*/}}
{{- define "holdergraph.probes" -}}
{{- $port := ternary "ops" "http" (hasKey .Values.files "TLS_CLIENT_CA_FILE") -}}
{{- $scheme := ternary "HTTPS" "HTTP" (and (eq $port "http") (eq (include "holdergraph.tls" .) "true")) -}}
# An earlier release's store is brought up to date before the port is opened: 10 minutes.
startupProbe:
  httpGet:
    path: /health
    port: {{ $port }}
    scheme: {{ $scheme }}
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 300
livenessProbe:
  httpGet:
    path: /health
    port: {{ $port }}
    scheme: {{ $scheme }}
  periodSeconds: 10
  timeoutSeconds: 3
  failureThreshold: 3
readinessProbe:
  httpGet:
    path: /readyz
    port: {{ $port }}
    scheme: {{ $scheme }}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end }}

{{/* Pods of one release keep apart from each other, as far as there is room. */}}
{{- define "holdergraph.spread" -}}
{{- if include "holdergraph.several" . -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "holdergraph.selector" . | nindent 14 }}
{{- with .Values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- $selector := dict "labelSelector" (dict "matchLabels" (include "holdergraph.selector" $ | fromYaml)) }}
  {{- range . }}
  {{- list (merge (deepCopy .) $selector) | toYaml | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}
{{- end }}
