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
  # With a port of its own no server has one already: the service takes one of the two.
  if [ -n "${MONGO_PORT:-}" ]; then
    hosts=$(printf '%s' "$MONGO_HOST" | sed "s/,/:$MONGO_PORT,/g; s/\$/:$MONGO_PORT/")
  fi
  printf '%s://%s%s/?%s' "$MONGO_URI" "$login" "$hosts" "${MONGO_PARAMETERS:-}"
}

# The database that stands in a connection string, or nothing.
database_in() { printf '%s' "$1" | sed -E 's,^[^:]+://,,; s/\?.*$//; s,^[^/]*/?,,'; }

# Their names are their times, so a folder lists the oldest first.
keep_newest() {
  set -- "$BACKUP_DIR"/holdergraph-????????T??????Z.archive.gz
  while [ $# -gt "$BACKUP_KEEP" ]; do
    rm -f "$1"
    say "removed $1: the newest $BACKUP_KEEP stay"
    shift
  done
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
uri=$(connection_string)
inside=$(database_in "$uri")
set --

# The certificates that were mounted; mongodump wants our own and its key in one file.
if [ -n "${MONGO_TLS_CA_CERT_FILE:-}" ]; then
  set -- --ssl "--sslCAFile=$MONGO_TLS_CA_CERT_FILE"
fi
if [ -n "${MONGO_TLS_CLIENT_CERT_FILE:-}" ]; then
  cat "$MONGO_TLS_CLIENT_CERT_FILE" ${MONGO_TLS_CLIENT_KEY_FILE:+"$MONGO_TLS_CLIENT_KEY_FILE"} >"$work/client.pem"
  [ $# -gt 0 ] || set -- --ssl
  set -- "$@" "--sslPEMKeyFile=$work/client.pem"
fi

if [ "$BACKUP_OPLOG" = true ]; then
  # The whole server as of one moment. A database in the connection string would narrow that; where it also says where the
  # user is, that is said by authSource instead.
  set -- "$@" --oplog
  if [ -n "$inside" ]; then
    uri=$(printf '%s' "$uri" | sed -E "s,^([^:]+://[^/]*/)[^?]*,\1,")
    case $uri in
      *[?\&]authSource=*) ;;
      *\?*) uri="$uri&authSource=$inside" ;;
      *) uri="$uri?authSource=$inside" ;;
    esac
  fi
elif [ -n "$inside" ]; then
  [ -z "${MONGO_NAME:-}" ] || [ "$MONGO_NAME" = "$inside" ] ||
    refuse "MONGO_NAME is $MONGO_NAME, but the connection string names $inside: leave the database out of it, and say authSource there"
else
  set -- "$@" "--db=${MONGO_NAME:-crm}"
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
