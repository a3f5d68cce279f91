{{/* "true" where `helm test` runs the flow; else it asks whether the service is ready. */}}
{{- define "holdergraph.testsFlow" -}}
{{- if .Values.test.tokenSecretName -}}
{{- if hasKey .Values.files "TLS_CLIENT_CA_FILE" -}}
{{- fail "test.tokenSecretName is set, but with files.TLS_CLIENT_CA_FILE every client must show a certificate, and the test has none: leave it empty, and the test asks the ops port" -}}
{{- end -}}
{{- $ignored := required "test.organizationId is required with test.tokenSecretName: the organization in which the test makes a holder and erases it" .Values.test.organizationId -}}
{{- if ne (empty .Values.test.ledgerId) (empty .Values.test.accountId) -}}
{{- fail "test.ledgerId and test.accountId go together: set both, or none" -}}
{{- end -}}
true
{{- end -}}
{{- end }}

{{- define "holdergraph.testPort" -}}
{{- ternary 4003 9103 (eq (include "holdergraph.testsFlow" .) "true") -}}
{{- end }}

{{/* The test's arguments. */}}
{{- define "holdergraph.testArguments" -}}
{{- if include "holdergraph.testsFlow" . -}}
- smoke
- --url
- {{ ternary "https" "http" (eq (include "holdergraph.tls" .) "true") }}://{{ include "holdergraph.name" . }}.{{ .Release.Namespace }}.svc:{{ .Values.service.port }}
- --token-file
- /run/secrets/test/token
- --organization
- {{ .Values.test.organizationId | quote }}
{{- with .Values.test.ledgerId }}
- --ledger
- {{ . | quote }}
- --account
- {{ $.Values.test.accountId | quote }}
{{- end }}
{{- with .Values.test.ca }}
- --ca-file
- {{ include "holdergraph.path" . }}
{{- end }}
{{- else -}}
- health
- --ready
{{- end -}}
{{- end }}
