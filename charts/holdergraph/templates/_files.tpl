{{/* Those settings of `files` with which MongoDB is opened, as JSON. */}}
{{- define "holdergraph.mongoFiles" -}}
{{- $files := dict -}}
{{- range $name, $source := .Values.files -}}
{{- if hasPrefix "MONGO_" $name -}}
{{- $_ := set $files $name $source -}}
{{- end -}}
{{- end -}}
{{- toJson $files -}}
{{- end }}

{{/* The folder in which a Secret or ConfigMap is mounted. */}}
{{- define "holdergraph.folder" -}}
{{- if .secret -}}
/etc/holdergraph/secret/{{ .secret }}
{{- else -}}
/etc/holdergraph/configmap/{{ .configMap }}
{{- end -}}
{{- end }}

{{/* The path of one file: its folder where no key is named. */}}
{{- define "holdergraph.path" -}}
{{- include "holdergraph.folder" . -}}
{{- with .key }}/{{ . }}{{ end -}}
{{- end }}

{{/* The volumes of some files, as JSON: by folder, so that a certificate and its key change together. */}}
{{- define "holdergraph.folders" -}}
{{- $folders := dict -}}
{{- range $setting, $source := . -}}
{{- $folder := include "holdergraph.folder" $source -}}
{{- $known := get $folders $folder | default (dict "secret" (get $source "secret") "configMap" (get $source "configMap") "keys" list "whole" false) -}}
{{- if $source.key -}}
{{- $_ := set $known "keys" (append $known.keys $source.key | uniq | sortAlpha) -}}
{{- else -}}
{{- $_ := set $known "whole" true -}}
{{- end -}}
{{- $_ := set $folders $folder $known -}}
{{- end -}}
{{- toJson $folders -}}
{{- end }}

{{- define "holdergraph.folderVolume" -}}
files-{{ sha256sum . | trunc 8 }}
{{- end }}
