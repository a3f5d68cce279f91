{{/* A value as the text of a setting: YAML's large numbers come here as floats. */}}
{{- define "holdergraph.text" -}}
{{- if kindIs "invalid" . -}}
{{- else if and (kindIs "float64" .) (eq (floor .) (float64 .)) -}}
{{- printf "%.0f" . -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end }}

{{/* A setting of `configmap`, or nothing, e.g. (dict "root" $ "name" "DRAIN_SECONDS"). */}}
{{- define "holdergraph.setting" -}}
{{- include "holdergraph.text" (get .root.Values.configmap .name) -}}
{{- end }}

{{/* "true" where records are kept in MongoDB, nothing where in the embedded store. */}}
{{- define "holdergraph.mongo" -}}
{{- if or .Values.mongodb.enabled (include "holdergraph.setting" (dict "root" . "name" "MONGO_URI")) (has "MONGO_URI" (include "holdergraph.secretNames" . | fromJsonArray)) -}}
true
{{- end -}}
{{- end }}

{{/* "true" where the service's own port speaks TLS. */}}
{{- define "holdergraph.tls" -}}
{{- if hasKey .Values.files "TLS_CERT_FILE" }}true{{ end -}}
{{- end }}

{{/* All settings that are no secrets and no files, as JSON: name to text. */}}
{{- define "holdergraph.settings" -}}
{{- $settings := dict -}}
{{- range $name, $value := .Values.configmap -}}
{{- $text := include "holdergraph.text" $value -}}
{{- if $text -}}
{{- $_ := set $settings $name $text -}}
{{- end -}}
{{- end -}}
{{- $_ := set $settings "SERVER_ADDRESS" "0.0.0.0:4003" -}}
{{- $_ := set $settings "OPS_ADDRESS" "0.0.0.0:9103" -}}
{{- if .Values.mongodb.enabled -}}
{{- $settings = mergeOverwrite $settings (include "holdergraph.bundledMongo" . | fromJson) -}}
{{- else if not (include "holdergraph.mongo" .) -}}
{{- $_ := set $settings "DATA_DIR" "/data" -}}
{{- end -}}
{{- toJson $settings -}}
{{- end }}

{{/* Those of them that a command needs which opens MongoDB and nothing else, as JSON. */}}
{{- define "holdergraph.mongoSettings" -}}
{{- $settings := dict -}}
{{- range $name, $text := include "holdergraph.settings" . | fromJson -}}
{{- if or (hasPrefix "MONGO_" $name) (has $name (list "DEPLOYMENT_MODE" "ALLOW_INSECURE_TLS" "LOG_LEVEL" "LOG_FORMAT")) -}}
{{- $_ := set $settings $name $text -}}
{{- end -}}
{{- end -}}
{{- toJson $settings -}}
{{- end }}

{{/* What Bitnami's chart calls its objects. */}}
{{- define "holdergraph.bundledMongoName" -}}
{{- $own := .Values.mongodb.nameOverride | default "mongodb" -}}
{{- if .Values.mongodb.fullnameOverride -}}
{{- .Values.mongodb.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $own .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $own | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* How Bitnami's MongoDB is reached, as JSON: settings by name. */}}
{{- define "holdergraph.bundledMongo" -}}
{{- $mongo := .Values.mongodb -}}
{{- $name := include "holdergraph.bundledMongoName" . -}}
{{- $domain := printf "%s.svc.%s" .Release.Namespace ($mongo.clusterDomain | default "cluster.local") -}}
{{- $database := required "mongodb.auth.databases is required with mongodb.enabled: the database that this service uses" (first $mongo.auth.databases) -}}
{{- $hosts := list -}}
{{- $parameters := list (printf "authSource=%s" $database) -}}
{{- if eq $mongo.architecture "replicaset" -}}
{{- range $index := until (int $mongo.replicaCount) -}}
{{- $hosts = append $hosts (printf "%s-%d.%s-headless.%s" $name $index $name $domain) -}}
{{- end -}}
{{- $parameters = prepend $parameters (printf "replicaSet=%s" $mongo.replicaSetName) -}}
{{- else -}}
{{- $hosts = list (printf "%s.%s" $name $domain) -}}
{{- end -}}
{{- if $mongo.tls.enabled -}}
{{- $parameters = append $parameters "tls=true" -}}
{{- end -}}
{{- dict
      "MONGO_URI" "mongodb"
      "MONGO_HOST" (join "," $hosts)
      "MONGO_USER" (required "mongodb.auth.usernames is required with mongodb.enabled: the user that this service logs in as" (first $mongo.auth.usernames))
      "MONGO_NAME" $database
      "MONGO_PARAMETERS" (join "&" $parameters) | toJson -}}
{{- end }}
