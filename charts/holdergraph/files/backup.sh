#!/bin/sh
# One backup of MongoDB: a gzip archive of mongodump in BACKUP_DIR, of which the newest BACKUP_KEEP stay. The password stands in
# a file that only this pod sees, never in arguments, which every process of the node may read.
set -eu
umask 077

say() { printf '%s\n' "$1" >&2; }
refuse() {
  say "backup: $1"
  exit 1
}

# Every byte as %XX: right for any name and any password.
encoded() { od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g'; }

# The content of a file without the newline at its end.
content() {
  [ -s "$1" ] || refuse "$1 is empty or missing"
  printf '%s' "$(cat "$1")"
}

connection_string() {
  if [ -n "${MONGO_URI_FILE:-}" ]; then
    content "$MONGO_URI_FILE"
    return
  fi
  login=''
  if [ -n "${MONGO_USER:-}" ]; then
    login=$(printf '%s' "$MONGO_USER" | encoded)
    [ -z "${MONGO_PASSWORD_FILE:-}" ] || login=$login:$(content "$MONGO_PASSWORD_FILE" | encoded)
    login=$login@
  fi
  hosts=$MONGO_HOST
  if [ "$MONGO_URI" = mongodb ] && [ -n "${MONGO_PORT:-}" ]; then
    hosts=$(printf '%s' "$MONGO_HOST" | sed -E "s/(^|,)([^,:]+)(,|\$)/\1\2:$MONGO_PORT\3/g; s/(^|,)([^,:]+)(,|\$)/\1\2:$MONGO_PORT\3/g")
  fi
  printf '%s://%s%s/?%s' "$MONGO_URI" "$login" "$hosts" "${MONGO_PARAMETERS:-}"
}

# The same with the certificates that were mounted.
with_certificates() {
  uri=$(connection_string)
  parameters=''
  if [ -n "${MONGO_TLS_CA_CERT_FILE:-}" ]; then
    parameters="tls=true&tlsCAFile=$(printf '%s' "$MONGO_TLS_CA_CERT_FILE" | encoded)"
  fi
  if [ -n "${MONGO_TLS_CLIENT_CERT_FILE:-}" ]; then
    cat "$MONGO_TLS_CLIENT_CERT_FILE" ${MONGO_TLS_CLIENT_KEY_FILE:+"$MONGO_TLS_CLIENT_KEY_FILE"} >"$work/client.pem"
    parameters="${parameters:-tls=true}&tlsCertificateKeyFile=$(printf '%s' "$work/client.pem" | encoded)"
  fi
  [ -n "$parameters" ] || { printf '%s' "$uri" && return; }
  case $uri in
    *\?) printf '%s%s' "$uri" "$parameters" ;;
    *\?*) printf '%s&%s' "$uri" "$parameters" ;;
    *://*/*) printf '%s?%s' "$uri" "$parameters" ;;
    *) printf '%s/?%s' "$uri" "$parameters" ;;
  esac
}

# The database that stands in a connection string, or nothing.
database_in() { printf '%s' "$1" | sed -E 's,^[^:]+://,,; s/\?.*$//; s,^[^/]*/?,,'; }

keep_newest() {
  ls -1 "$BACKUP_DIR" | grep -E '^holdergraph-[0-9]{8}T[0-9]{6}Z\.archive\.gz$' | sort -r | sed "1,${BACKUP_KEEP}d" |
    while read -r old; do
      rm -f "$BACKUP_DIR/$old"
      say "removed $old: the newest $BACKUP_KEEP stay"
    done
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
uri=$(with_certificates)
inside=$(database_in "$uri")

if [ "$BACKUP_OPLOG" = true ]; then
  # The whole server as of one moment; the connection string's database would narrow that, and is only where users are then.
  set -- --oplog
  case $uri in
    *[?\&]authSource=*) ;;
    *) [ -z "$inside" ] || uri=$(printf '%s' "$uri" | sed -E "s,\?,?authSource=$inside\&,; t; s,\$,?authSource=$inside,") ;;
  esac
  [ -z "$inside" ] || uri=$(printf '%s' "$uri" | sed -E "s,^([^:]+://[^/]*/)[^?]*,\1,")
elif [ -n "$inside" ]; then
  [ -z "${MONGO_NAME:-}" ] || [ "$MONGO_NAME" = "$inside" ] ||
    refuse "MONGO_NAME is $MONGO_NAME, but the connection string names $inside: leave the database out of it, and say authSource there"
  set --
else
  set -- "--db=${MONGO_NAME:-crm}"
fi

# YAML: in single quotes only a single quote means anything, and two of them mean one.
printf "uri: '%s'\n" "$(printf '%s' "$uri" | sed "s/'/''/g")" >"$work/mongodump.yaml"

name=holdergraph-$(date -u +%Y%m%dT%H%M%SZ).archive.gz
rm -f "$BACKUP_DIR"/*.partial
mongodump --config="$work/mongodump.yaml" "$@" --gzip --archive="$BACKUP_DIR/$name.partial"
[ -s "$BACKUP_DIR/$name.partial" ] || refuse "mongodump wrote nothing"
mv "$BACKUP_DIR/$name.partial" "$BACKUP_DIR/$name"
say "wrote $name, $(wc -c <"$BACKUP_DIR/$name") bytes"
keep_newest
