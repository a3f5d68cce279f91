{{/* The name of the deployment, and the beginning of all other names. */}}
{{- define "holdergraph.name" -}}
{{- if contains "holdergraph" .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-holdergraph" .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* A name with an ending, e.g. (dict "root" $ "ending" "backup"): 52 characters at most, as a CronJob's may have. */}}
{{- define "holdergraph.nameWith" -}}
{{- $room := int (sub 51 (len .ending)) -}}
{{- printf "%s-%s" (include "holdergraph.name" .root | trunc $room | trimSuffix "-") .ending -}}
{{- end }}

{{- define "holdergraph.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "holdergraph.name" .) -}}
{{- else -}}
{{- required "serviceAccount.name is required with serviceAccount.create=false: the account that the pods run as" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "holdergraph.claim" -}}
{{- .Values.persistence.existingClaim | default (include "holdergraph.name" .) -}}
{{- end }}

{{/* What selects the service's pods: never changes within a release, and no other pod of the release has it. */}}
{{- define "holdergraph.selector" -}}
app.kubernetes.io/name: holdergraph
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* What selects the pods of a job or a test, e.g. (dict "root" $ "job" "backup"). */}}
{{- define "holdergraph.jobSelector" -}}
app.kubernetes.io/name: holdergraph-{{ .job }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{/* What every object says of where it comes from. */}}
{{- define "holdergraph.origin" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "holdergraph.labels" -}}
{{ include "holdergraph.selector" . }}
{{ include "holdergraph.origin" . }}
{{- end }}

{{- define "holdergraph.jobLabels" -}}
{{ include "holdergraph.jobSelector" . }}
{{ include "holdergraph.origin" .root }}
{{- end }}

{{- define "holdergraph.image" -}}
{{- $repository := required "image.repository is required: the name under which you have pushed the image, such as registry.example/holdergraph" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end }}
