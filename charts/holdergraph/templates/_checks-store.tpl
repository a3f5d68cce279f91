{{/* What does not go together with the store that is chosen. */}}
{{- define "holdergraph.checkStore" -}}
{{- if .Values.mongodb.enabled -}}
{{- include "holdergraph.checkBundledMongo" . -}}
{{- end -}}
{{- $names := include "holdergraph.secretNames" . | fromJsonArray -}}
{{- $scheme := include "holdergraph.setting" (dict "root" . "name" "MONGO_URI") -}}
{{- if include "holdergraph.mongo" . -}}
{{- if and $scheme (has "MONGO_URI" $names) -}}
{{- fail "MONGO_URI is in configmap and among the secrets: leave it out of one of them" -}}
{{- end -}}
{{- if and $scheme (not (include "holdergraph.setting" (dict "root" . "name" "MONGO_HOST"))) -}}
{{- fail (printf "configmap.MONGO_HOST is required: configmap.MONGO_URI is only the scheme %s" $scheme) -}}
{{- end -}}
{{- else -}}
{{- include "holdergraph.checkEmbedded" . -}}
{{- end -}}
{{- end }}

{{/* What needs MongoDB. Where part of its settings is there, nobody meant the embedded store. */}}
{{- define "holdergraph.checkEmbedded" -}}
{{- range $name, $text := .Values.configmap -}}
{{- if and (hasPrefix "MONGO_" $name) (include "holdergraph.text" $text) -}}
{{- fail (printf "configmap.%s is set, but nothing says MongoDB: set configmap.MONGO_URI to mongodb, or give the secret MONGO_URI; without it the store would be SQLite" $name) -}}
{{- end -}}
{{- end -}}
{{- range $name, $source := .Values.files -}}
{{- if hasPrefix "MONGO_" $name -}}
{{- fail (printf "files.%s is set, but nothing says MongoDB: set configmap.MONGO_URI to mongodb, or give the secret MONGO_URI" $name) -}}
{{- end -}}
{{- end -}}
{{- if has "MONGO_PASSWORD" (include "holdergraph.secretNames" . | fromJsonArray) -}}
{{- fail "the secret MONGO_PASSWORD is given, but nothing says MongoDB: set configmap.MONGO_URI to mongodb" -}}
{{- end -}}
{{- if .Values.autoscaling.enabled -}}
{{- fail "autoscaling.enabled is true, but the store is SQLite, a file that one server locks: more than one pod needs MongoDB (MONGO_URI)" -}}
{{- end -}}
{{- if gt (atoi (include "holdergraph.replicas" .)) 1 -}}
{{- fail (printf "replicaCount is %s, but at most 1 can run: the store is SQLite, a file that one server locks; more than one pod needs MongoDB (MONGO_URI)" (include "holdergraph.replicas" .)) -}}
{{- end -}}
{{- if .Values.migrate.enabled -}}
{{- fail "migrate.enabled is true, but the store is SQLite: its one server brings it up to date when it starts" -}}
{{- end -}}
{{- if .Values.backup.enabled -}}
{{- fail "backup.enabled is true, but the store is SQLite, and the job is mongodump: back the claim up, as docs/security/backup.md says" -}}
{{- end -}}
{{- end }}

{{- define "holdergraph.checkBundledMongo" -}}
{{- $names := include "holdergraph.secretNames" . | fromJsonArray -}}
{{- range $name, $text := .Values.configmap -}}
{{- if has $name (list "MONGO_URI" "MONGO_HOST" "MONGO_PORT" "MONGO_USER" "MONGO_NAME" "MONGO_PARAMETERS") -}}
{{- fail (printf "configmap.%s is set, but with mongodb.enabled the chart says where MongoDB is: leave it out" $name) -}}
{{- end -}}
{{- end -}}
{{- range list "MONGO_URI" "MONGO_PASSWORD" -}}
{{- if has . $names -}}
{{- fail (printf "the secret %s is given, but with mongodb.enabled the password comes from mongodb.auth.existingSecret: leave it out" .) -}}
{{- end -}}
{{- end -}}
{{- range list "rootPassword" "password" "passwords" "replicaSetKey" -}}
{{- if get $.Values.mongodb.auth . -}}
{{- fail (printf "mongodb.auth.%s is set: passwords come from the Secret mongodb.auth.existingSecret only" .) -}}
{{- end -}}
{{- end -}}
{{- if eq (toString .Values.mongodb.auth.enabled) "false" -}}
{{- fail "mongodb.auth.enabled is false: a database of personal data without a login is refused" -}}
{{- end -}}
{{- if not .Values.mongodb.auth.existingSecret -}}
{{- fail "mongodb.auth.existingSecret is required with mongodb.enabled, since there is no password by default: a Secret with the keys mongodb-passwords, mongodb-root-password and mongodb-replica-set-key" -}}
{{- end -}}
{{- end }}
