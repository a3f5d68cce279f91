#!/usr/bin/env bash
# Kyverno's own CLI over what chart-verdicts has judged by the same policies, and to the same verdicts. To be sourced by
# run.sh, whose $work, $policies, good and bad it uses.

# A policy of a namespace is the cluster's in that namespace.
mkdir -p "$work/policies"
for file in "$policies"/*.yaml; do
  sed '0,/^metadata:$/s//metadata:\n  namespace: registry/' "$file" >"$work/policies/$(basename "$file")"
done

# refused FOLDER: the policies that refuse a case, one a line; what Kyverno says of it is in $work/kyverno.
refused() {
  (cd "$1" && kyverno apply "$work/policies" --resource namespaced.yaml --context-file context.yaml --remove-color) \
    >"$work/kyverno" 2>&1
  sed -nE 's/^policy ([a-z-]+) -> resource .* failed:.*$/\1/p' "$work/kyverno" | sort -u
}

for folder in "$work"/cases/*; do
  name="$(<"$folder/name"): Kyverno"
  # What is no well-formed text is no resource.
  ! grep -qx yaml "$folder/fails" || continue
  expected=$(sed -n 's/^policy-//p' "$folder/fails" | sort -u)
  found=$(refused "$folder")
  said=$(tail -n 30 "$work/kyverno")
  if ! grep -qE '^pass: [1-9][0-9]*, fail: [0-9]+, warn: 0, error: 0, skip: 0 *$' <<<"$said"; then
    bad "$name" "no verdict, or one with errors: $said"
  elif [[ $found != "$expected" ]]; then
    bad "$name" "refused by: ${found:-none}; expected: ${expected:-none}"$'\n'"$said"
  else
    good "$name, refused by ${found:-none}"
  fi
done
