{{/* A duration such as 20s, 1m 30s or 500ms, or a bare number of seconds, as whole seconds, rounded up. */}}
{{- define "holdergraph.seconds" -}}
{{- if regexMatch "^[0-9]+$" . -}}
{{- . -}}
{{- else -}}
{{- $units := dict "ms" 1 "msec" 1 "s" 1000 "sec" 1000 "secs" 1000 "second" 1000 "seconds" 1000 "m" 60000 "min" 60000 "mins" 60000 "minute" 60000 "minutes" 60000 "h" 3600000 "hr" 3600000 "hour" 3600000 "hours" 3600000 -}}
{{- $milliseconds := 0 -}}
{{- range regexFindAll "[0-9]+ ?[a-z]+" . -1 -}}
{{- $unit := regexFind "[a-z]+" . -}}
{{- if not (hasKey $units $unit) -}}
{{- fail (printf "configmap.SHUTDOWN_TIMEOUT is in %s: write it in ms, s, m or h, e.g. 20s" $unit) -}}
{{- end -}}
{{- $milliseconds = add $milliseconds (mul (atoi (regexFind "[0-9]+" .)) (get $units $unit)) -}}
{{- end -}}
{{- div (add $milliseconds 999) 1000 -}}
{{- end -}}
{{- end }}

{{/*
How long a pod may take to end, all told: until it is known that it leaves (preStop), requests that still come
(DRAIN_SECONDS), requests that still run (SHUTDOWN_TIMEOUT), and what is left then (22 s: docs/cluster.md has the sum).
*/}}
{{- define "holdergraph.grace" -}}
{{- $drain := include "holdergraph.setting" (dict "root" . "name" "DRAIN_SECONDS") | default "5" -}}
{{- $running := include "holdergraph.setting" (dict "root" . "name" "SHUTDOWN_TIMEOUT") | default "20s" -}}
{{- add (int .Values.preStopSleepSeconds) (atoi $drain) (atoi (include "holdergraph.seconds" $running)) 22 -}}
{{- end }}
