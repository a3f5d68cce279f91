{{/* What every pod of the chart runs as. Kubernetes gives its files to the group 10001. */}}
{{- define "holdergraph.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "holdergraph.containerSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/*
The environment that names mounted secrets and files, e.g. (dict "root" $ "names" (list "MONGO_URI") "files" .Values.files);
"ownLogin" where the pod logs in to MongoDB as somebody else than the service.
*/}}
{{- define "holdergraph.environment" -}}
{{- range .names }}
- name: {{ . }}_FILE
  value: /run/secrets/holdergraph/{{ . }}
{{- end }}
{{- if .root.Values.mongodb.enabled }}
- name: MONGO_PASSWORD_FILE
  value: /run/secrets/mongodb/MONGO_PASSWORD
{{- end }}
{{- include "holdergraph.fileEnvironment" .files }}
{{- end }}

{{- define "holdergraph.fileEnvironment" -}}
{{- range $setting, $source := . }}
- name: {{ $setting }}
  value: {{ include "holdergraph.path" $source }}
{{- end }}
{{- end }}

{{- define "holdergraph.mounts" -}}
{{- if .names }}
- name: secrets
  mountPath: /run/secrets/holdergraph
  readOnly: true
{{- end }}
{{- if and .root.Values.mongodb.enabled (not .ownLogin) }}
- name: mongodb-password
  mountPath: /run/secrets/mongodb
  readOnly: true
{{- end }}
{{- range $folder, $source := include "holdergraph.folders" .files | fromJson }}
- name: {{ include "holdergraph.folderVolume" $folder }}
  mountPath: {{ $folder }}
  readOnly: true
{{- end }}
{{- end }}

{{/* The volumes of those mounts; "secret" and "providerClass" name where the secrets come from. */}}
{{- define "holdergraph.volumes" -}}
{{- if .names }}
- name: secrets
  {{- if .root.Values.secretsStoreCsi.enabled }}
  csi:
    driver: secrets-store.csi.k8s.io
    readOnly: true
    volumeAttributes:
      secretProviderClass: {{ .providerClass }}
  {{- else }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
    items:
      {{- range .names }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
  {{- end }}
{{- end }}
{{- if and .root.Values.mongodb.enabled (not .ownLogin) }}
- name: mongodb-password
  secret:
    secretName: {{ .root.Values.mongodb.auth.existingSecret }}
    defaultMode: 0440
    items:
      - key: mongodb-passwords
        path: MONGO_PASSWORD
{{- end }}
{{- range $folder, $source := include "holdergraph.folders" .files | fromJson }}
- name: {{ include "holdergraph.folderVolume" $folder }}
  {{- if $source.secret }}
  secret:
    secretName: {{ $source.secret }}
    defaultMode: 0440
  {{- else }}
  configMap:
    name: {{ $source.configMap }}
    defaultMode: 0440
  {{- end }}
    {{- if not $source.whole }}
    items:
      {{- range $source.keys }}
      - key: {{ . | quote }}
        path: {{ . | quote }}
      {{- end }}
    {{- end }}
{{- end }}
{{- end }}

{{/* Where pods may run. */}}
{{- define "holdergraph.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
