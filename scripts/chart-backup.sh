#!/usr/bin/env bash
# files/backup.sh, with a mongodump that only tells how it was called. To be sourced by check-chart.

backup_script=files/backup.sh

# A mongodump that writes its arguments and its configuration down, and something as the archive.
fake_mongodump() {
  mkdir -p "$1/bin"
  cat >"$1/bin/mongodump" <<'SH'
#!/bin/sh
for argument in "$@"; do
  case $argument in
    --config=*) cp "${argument#--config=}" "$SEEN/config" && stat -c %a "${argument#--config=}" >"$SEEN/mode" ;;
    --archive=*) printf 'archive' >"${argument#--archive=}" ;;
    --sslPEMKeyFile=*) cp "${argument#--sslPEMKeyFile=}" "$SEEN/client.pem" ;;
  esac
done
printf '%s ' "$@" >"$SEEN/arguments"
exit "${FAILS:-0}"
SH
  chmod +x "$1/bin/mongodump"
}

# run_backup ROOM NAME=VALUE...: one run in a room of its own; "seen" and "backups" are below it.
run_backup() {
  local room=$1
  shift
  mkdir -p "$room/seen" "$room/backups"
  env -i PATH="$room/bin:$PATH" SEEN="$room/seen" BACKUP_DIR="$room/backups" TMPDIR="$room" BACKUP_KEEP=3 "$@" sh "$backup_script" 2>&1
}

# saw NAME ROOM FILE TEXT: a file of a run holds the text.
saw() {
  if grep -qF -- "$4" "$2/$3" 2>/dev/null; then good "$1"; else bad "$1" "$(cat "$2/$3" 2>&1)"; fi
}
saw_not() {
  if [[ -e $2/$3 ]] && ! grep -qF -- "$4" "$2/$3"; then good "$1"; else bad "$1" "$(cat "$2/$3" 2>&1)"; fi
}

check_backup() {
  local room out
  room=$(mktemp -d)
  fake_mongodump "$room"
  printf "p@ss/w'ord%%\n" >"$room/password"
  printf "mongodb://backup:p%%40ss@db-0:27017,db-1:27017/crm?replicaSet=rs0\n" >"$room/uri"

  # By single settings, over the one database.
  out=$(run_backup "$room" BACKUP_OPLOG=false MONGO_URI=mongodb MONGO_HOST=a,b,c MONGO_PORT=27019 MONGO_USER=holder@graph \
    MONGO_PASSWORD_FILE="$room/password" 'MONGO_PARAMETERS=replicaSet=rs0&tls=true' MONGO_NAME=registry) || bad "a backup by settings" "$out"
  saw "a backup's login and servers stand in the configuration file, percent-encoded" "$room" seen/config \
    "uri: 'mongodb://%68%6f%6c%64%65%72%40%67%72%61%70%68:%70%40%73%73%2f%77%27%6f%72%64%25@a:27019,b:27019,c:27019/?replicaSet=rs0&tls=true'"
  saw "… which nobody else may read" "$room" seen/mode 600
  saw_not "… and not in the arguments" "$room" seen/arguments mongodb://
  saw "… over the database that the service uses" "$room" seen/arguments --db=registry
  saw_not "… without an oplog where none is wanted" "$room" seen/arguments --oplog

  # By a connection string, over the whole server.
  out=$(run_backup "$room" BACKUP_OPLOG=true MONGO_URI_FILE="$room/uri" MONGO_NAME=registry) || bad "a backup by a connection string" "$out"
  saw "a backup of the whole server is as of one moment" "$room" seen/arguments --oplog
  saw_not "… of no single database" "$room" seen/arguments --db=
  saw "… and still logs in where its user is" "$room" seen/config \
    "uri: 'mongodb://backup:p%40ss@db-0:27017,db-1:27017/?replicaSet=rs0&authSource=crm'"

  # Certificates.
  printf 'cert\n' >"$room/cert" && printf 'key\n' >"$room/key"
  out=$(run_backup "$room" BACKUP_OPLOG=false MONGO_URI_FILE="$room/uri" MONGO_TLS_CA_CERT_FILE=/ca.crt \
    MONGO_TLS_CLIENT_CERT_FILE="$room/cert" MONGO_TLS_CLIENT_KEY_FILE="$room/key") || bad "a backup with certificates" "$out"
  saw "a backup proves the server's certificate" "$room" seen/arguments "--ssl --sslCAFile=/ca.crt"
  saw "… and shows its own, with the key behind it" "$room" seen/client.pem key

  if out=$(run_backup "$room" BACKUP_OPLOG=false MONGO_URI_FILE="$room/uri" MONGO_NAME=registry); then
    bad "two databases named for one backup are refused" "it ran: $out"
  else
    [[ $out == *"MONGO_NAME is registry, but the connection string names crm"* ]] &&
      good "two databases named for one backup are refused" || bad "two databases named for one backup are refused" "$out"
  fi

  # What is kept.
  local name
  rm -f "$room/backups"/* && touch "$room/backups/foreign.archive.gz"
  for name in 20260101 20260102 20260103; do printf x >"$room/backups/holdergraph-${name}T000000Z.archive.gz"; done
  out=$(run_backup "$room" BACKUP_OPLOG=false MONGO_URI_FILE="$room/uri") || bad "a backup beside others" "$out"
  [[ ! -e $room/backups/holdergraph-20260101T000000Z.archive.gz && -e $room/backups/holdergraph-20260102T000000Z.archive.gz ]] &&
    good "the oldest backup goes, the newest stay" || bad "the oldest backup goes, the newest stay" "$(ls "$room/backups")"
  [[ -e $room/backups/foreign.archive.gz ]] && good "a file that is no backup stays" || bad "a file that is no backup stays" "$(ls "$room/backups")"
  if out=$(run_backup "$room" FAILS=1 BACKUP_OPLOG=false MONGO_URI_FILE="$room/uri"); then
    bad "a backup that failed says so" "$out"
  elif [[ -e $room/backups/holdergraph-20260102T000000Z.archive.gz ]]; then
    good "a backup that failed says so, and removes none"
  else
    bad "a backup that failed removes none" "$(ls "$room/backups")"
  fi
  rm -rf "$room"
}
