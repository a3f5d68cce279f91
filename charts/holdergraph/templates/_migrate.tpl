{{/*
What the job needs is there before it, and goes after it, however the job ends: of its Secret nothing stays. The job itself
stays where it failed, for its log.
*/}}
{{- define "holdergraph.migrateNeed" -}}
labels:
  {{- include "holdergraph.jobLabels" (dict "root" . "job" "migrate") | nindent 2 }}
annotations:
  helm.sh/hook: pre-upgrade
  helm.sh/hook-weight: "-5"
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded,hook-failed
{{- end }}
