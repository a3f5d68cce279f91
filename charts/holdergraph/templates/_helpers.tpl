{{/* The name of everything in the release. */}}
{{- define "holdergraph.name" -}}
{{- if contains "holdergraph" .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-holdergraph" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* What selects the pods: never changes within a release. */}}
{{- define "holdergraph.selector" -}}
app.kubernetes.io/name: holdergraph
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "holdergraph.labels" -}}
{{ include "holdergraph.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "holdergraph.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end }}

{{- define "holdergraph.claim" -}}
{{- .Values.persistence.existingClaim | default (include "holdergraph.name" .) -}}
{{- end }}

{{/* What would start and then refuse to run, or lose data, is refused here. */}}
{{- define "holdergraph.check" -}}
{{- if gt (int .Values.replicas) 1 -}}
{{- fail (printf "replicas is %d, but at most 1 can run: the store is SQLite, a file that one server locks" (int .Values.replicas)) -}}
{{- end -}}
{{- if and (not .Values.pluginAuthEnabled) (ne .Values.deploymentMode "local") -}}
{{- fail (printf "pluginAuthEnabled is false, which goes only with deploymentMode local; here it is %s" .Values.deploymentMode) -}}
{{- end -}}
{{- end }}
