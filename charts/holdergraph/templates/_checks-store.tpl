{{/* What does not go together with the store that is chosen. */}}
{{- define "holdergraph.checkStore" -}}
{{- /* The schema lets all values of Bitnami's chart pass, and with this one the store would be SQLite. */ -}}
{{- if hasKey .Values.mongodb "enable" -}}
{{- fail "mongodb.enable is no value: mongodb.enabled was meant" -}}
{{- end -}}
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
{{- include "holdergraph.checkMongoLogin" . -}}
{{- include "holdergraph.checkMongoTls" . -}}
{{- else -}}
{{- include "holdergraph.checkEmbedded" . -}}
{{- end -}}
{{- end }}

{{/*
A user and the password go together, unless a certificate says who it is. Where a secret MONGO_URI is the whole connection
string, the service takes neither beside it.
*/}}
{{- define "holdergraph.checkMongoLogin" -}}
{{- $password := has "MONGO_PASSWORD" (include "holdergraph.secretNames" . | fromJsonArray) -}}
{{- $user := include "holdergraph.setting" (dict "root" . "name" "MONGO_USER") -}}
{{- $parameters := include "holdergraph.setting" (dict "root" . "name" "MONGO_PARAMETERS") | lower -}}
{{- if and $user (not $password) (not (contains "authmechanism=mongodb-x509" $parameters)) -}}
{{- fail "configmap.MONGO_USER needs the secret MONGO_PASSWORD too: add it where the keys are, or leave the user out where the secret MONGO_URI has both" -}}
{{- end -}}
{{- if and $password (not $user) -}}
{{- fail "configmap.MONGO_USER is required with the secret MONGO_PASSWORD: it is that user's; or leave the password out where the secret MONGO_URI has both" -}}
{{- end -}}
{{- end }}

{{/*
What src/config/mongo/address.rs says of a connection without TLS. A connection string in a Secret that is there already
cannot be read here, and is left to the service.
*/}}
{{- define "holdergraph.checkMongoTls" -}}
{{- $settings := include "holdergraph.settings" . | fromJson -}}
{{- $uri := get $settings "MONGO_URI" | default (get .Values.secrets "MONGO_URI") | trim | trimSuffix "://" -}}
{{- if $uri -}}
{{- $whole := contains "://" $uri -}}
{{- $parameters := ternary (regexFind "\\?.*" $uri) ($settings.MONGO_PARAMETERS | default "") $whole | trimPrefix "?" | lower | splitList "&" -}}
{{- $certificates := or (hasKey .Values.files "MONGO_TLS_CA_CERT_FILE") (hasKey .Values.files "MONGO_TLS_CLIENT_CERT_FILE") -}}
{{- $off := or (has "tls=false" $parameters) (has "ssl=false" $parameters) -}}
{{- $on := or (hasPrefix "mongodb+srv" $uri) $certificates -}}
{{- range $parameters -}}
{{- if or (has . (list "tls=true" "ssl=true")) (regexMatch "^tls(insecure|allowinvalidcertificates|cafile|certificatekeyfile)=" .) -}}
{{- $on = true -}}
{{- end -}}
{{- end -}}
{{- if and $certificates (or $off (and .Values.mongodb.enabled (not .Values.mongodb.tls.enabled))) -}}
{{- fail (printf "files.MONGO_TLS_… turn TLS on, and %s turns it off: correct one of them" (ternary "mongodb.tls.enabled=false" (ternary "the secret MONGO_URI" "configmap.MONGO_PARAMETERS" $whole) .Values.mongodb.enabled)) -}}
{{- end -}}
{{- $mode := get $settings "DEPLOYMENT_MODE" | default "saas" -}}
{{- if and (or (has "tlsinsecure=true" $parameters) (has "tlsallowinvalidcertificates=true" $parameters)) (ne $mode "local") (ne (get $settings "ALLOW_INSECURE_TLS") "true") -}}
{{- fail (printf "%s has tlsInsecure or tlsAllowInvalidCertificates, which is refused with DEPLOYMENT_MODE %s: take it out, and name MongoDB's authority with files.MONGO_TLS_CA_CERT_FILE" (ternary "the secret MONGO_URI" "configmap.MONGO_PARAMETERS" $whole) $mode) -}}
{{- end -}}
{{- if and (eq $uri "mongodb+srv") (get $settings "MONGO_PORT") -}}
{{- fail "configmap.MONGO_PORT is set, but mongodb+srv takes ports from DNS: leave it out, and set networkPolicy.egress.mongodb.port where it is not 27017" -}}
{{- end -}}
{{- if and (or $off (not $on)) (ne $mode "local") (ne (get $settings "ALLOW_INSECURE_TLS") "true") -}}
{{- if .Values.mongodb.enabled -}}
{{- fail (printf "mongodb.tls.enabled is false, and MongoDB without TLS is refused with DEPLOYMENT_MODE %s: set it to true and files.MONGO_TLS_CA_CERT_FILE to its authority, or ALLOW_INSECURE_TLS=true where a mesh does the TLS" $mode) -}}
{{- end -}}
{{- fail (printf "%s says nothing of TLS or turns it off, and MongoDB without TLS is refused with DEPLOYMENT_MODE %s: add tls=true to its parameters, or files.MONGO_TLS_CA_CERT_FILE, or set ALLOW_INSECURE_TLS=true where a mesh does the TLS" (ternary "the secret MONGO_URI" "configmap.MONGO_PARAMETERS" $whole) $mode) -}}
{{- end -}}
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
