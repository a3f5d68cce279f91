{{/* The names of the secrets that are mounted, as JSON. One source has them all; holdergraph.check sees to that. */}}
{{- define "holdergraph.secretNames" -}}
{{- if .Values.useExistingSecret -}}
{{- .Values.existingSecretKeys | toJson -}}
{{- else if .Values.externalSecrets.enabled -}}
{{- keys .Values.externalSecrets.data | sortAlpha | toJson -}}
{{- else if .Values.secretsStoreCsi.enabled -}}
{{- .Values.secretsStoreCsi.keys | toJson -}}
{{- else -}}
{{- keys .Values.secrets | sortAlpha | toJson -}}
{{- end -}}
{{- end }}

{{/* Those of them with which MongoDB is opened, as JSON. */}}
{{- define "holdergraph.mongoSecretNames" -}}
{{- $names := list -}}
{{- range include "holdergraph.secretNames" . | fromJsonArray -}}
{{- if hasPrefix "MONGO_" . -}}
{{- $names = append $names . -}}
{{- end -}}
{{- end -}}
{{- toJson $names -}}
{{- end }}

{{/* The Secret that holds them: one that is there, or the one that the chart or External Secrets makes. */}}
{{- define "holdergraph.secretName" -}}
{{- if .Values.useExistingSecret -}}
{{- .Values.existingSecretName -}}
{{- else -}}
{{- include "holdergraph.nameWith" (dict "root" . "ending" "keys") -}}
{{- end -}}
{{- end }}

{{/* The data of a Secret with some of `secrets`, e.g. (dict "root" $ "names" (list "MONGO_URI")). */}}
{{- define "holdergraph.secretData" -}}
{{- range .names }}
{{ . }}: {{ get $.root.Values.secrets . | b64enc | quote }}
{{- end }}
{{- end }}

{{/* What the CSI driver fetches. */}}
{{- define "holdergraph.providerClassSpec" -}}
provider: {{ required "secretsStoreCsi.provider is required with secretsStoreCsi.enabled: the driver's provider, e.g. vault" .Values.secretsStoreCsi.provider }}
parameters:
  {{- required "secretsStoreCsi.parameters is required with secretsStoreCsi.enabled: what the provider shall fetch" .Values.secretsStoreCsi.parameters | toYaml | nindent 2 }}
{{- end }}
