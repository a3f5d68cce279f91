{{/* How many pods, where no autoscaler says it. 0 is a number like others, and not "empty". */}}
{{- define "holdergraph.replicas" -}}
{{- if kindIs "invalid" .Values.replicaCount -}}
{{- ternary 2 1 (eq (include "holdergraph.mongo" .) "true") -}}
{{- else -}}
{{- int .Values.replicaCount -}}
{{- end -}}
{{- end }}

{{/* "true" where there may be more than one pod. */}}
{{- define "holdergraph.several" -}}
{{- if or .Values.autoscaling.enabled (gt (atoi (include "holdergraph.replicas" .)) 1) }}true{{ end -}}
{{- end }}
