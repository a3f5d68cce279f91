#!/usr/bin/env bash
# What scripts/tools.sh takes and refuses, with programs that only say a version, and what is made of advisories. Ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=scripts/tools.sh
source scripts/tools.sh
# shellcheck source=scripts/advisories.sh
source scripts/advisories.sh

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# says COMMAND TEXT: from now on this command is there, and prints this whatever it is asked.
says() {
  printf '#!/bin/sh\necho "%s"\n' "$2" >"$work/$1"
  chmod +x "$work/$1"
  hash -r
}

verdict() {
  if [[ $2 == "$3" ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf '  FAILED  %s: %s, expected %s\n' "$1" "$2" "$3"
  fi
}

# judged NAME EXPECTED FUNCTION: "taken", or what is said to install.
judged() {
  local name=$1 expected=$2 said
  if said=$(PATH=$work:$PATH "$3" 2>&1); then said=taken; fi
  verdict "$name" "$said" "$expected"
}

old() { printf 'too old: %s is needed, and %s is %s. Please install %s.' "$1" "$2" "$3" "$1"; }

says npm 10.0.0
for version in v20.0.0 v22.11.0 v100.1.0; do
  says node "$version"
  judged "node $version" taken have_node
done
says node v18.20.4
judged "node v18" "$(old "Node.js 20 or newer" node 18.20.4)" have_node
says node nonsense
judged "node without a version" "$(old "Node.js 20 or newer" node nonsense)" have_node

for version in go1.26 go1.26.1 go1.30rc1 go2.0; do
  says go "$version"
  judged "$version" taken have_go
done
for version in go1.25.3 go1.9; do
  says go "$version"
  judged "$version" "$(old "Go 1.26 or newer" go "${version#go}")" have_go
done

for version in 3.11 3.13 4.0; do
  says python3 "$version"
  judged "python $version" taken have_venv
done
says python3 3.9
judged "python 3.9" "$(old "Python 3.11 or newer" python3 3.9)" have_venv

# needs PART TOOL: the part gets this tool.
step() { printf '%s ' "$1"; }
for need in "http-mongo rust" "http-mongo python_tools" "http-mongo mongo_server" "http openssl" "unit python_tools" "reference node" "chart helm" "alerts promtool" "alerts node" "image python_tools" "image image_python"; do
  read -r part tool <<<"$need"
  [[ " $(tools=$work get_tools "$part")" == *" $tool "* ]] && has=yes || has=no
  verdict "$part gets $tool" "$has" yes
done

# cargo_deny FETCH CHECK: a cargo whose fetch of the advisories, and whose check, end with these exit codes and much noise.
cargo_deny() {
  cat >"$work/cargo" <<SH
#!/bin/sh
echo "noise of \$*"; echo "more noise" >&2
case "\$*" in
  "deny --locked fetch db") exit $1 ;;
  "deny --frozen check advisories") exit $2 ;;
  *) echo "unexpected: \$*"; exit 99 ;;
esac
SH
  chmod +x "$work/cargo"
}
# A step as scripts/test counts it, told in a word.
step() {
  local name=$1
  shift
  if "$@" >/dev/null 2>&1; then printf 'passed: %s' "$name"; else printf 'failed: %s' "$name"; fi
}
advisories() { PATH=$work:$PATH check_advisories 2>&1; }

cargo_deny 0 0
verdict "with the database advisories are a test" "$(advisories)" "passed: cargo deny: advisories"
cargo_deny 0 1
verdict "an advisory fails the run" "$(advisories)" "failed: cargo deny: advisories"
cargo_deny 1 1
verdict "without the database there is one line and no test" "$(advisories)" \
  'Advisories are not checked: their database cannot be fetched from here ("cargo deny check advisories").'
advisories >/dev/null && ends=well || ends=badly
verdict "… which is no failure" "$ends" well

printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
