#!/usr/bin/env bash
# Lays down the programs of scripts/mongo: PostgreSQL with the DocumentDB extension from Debian's packages, unpacked
# into a root of their own, and FerretDB built from its source. To be sourced, after scripts/tools.sh.

ferretdb_version=v2.7.0
postgres_version=18
# The oldest Debian that has the extension. Its packages move until it is released.
debian_suite=forky

mongo_tools=$tools/mongo-$ferretdb_version-$debian_suite-$postgres_version
mongo_root=$mongo_tools/root
# Whoever serves inside that root: no user of the machine, and never root.
mongo_user=999

no_mongo() {
  printf '%s\n' "no server of MongoDB's protocol can be had here: $1." \
    "Set TEST_MONGO_URI to a server of yours (any MongoDB 6 or newer, such as a container), for example" \
    "  TEST_MONGO_URI=mongodb://127.0.0.1:27017/" >&2
  return 1
}

# The programs are there, or are got. Two processes get them one after the other, and a half of them never counts.
have_mongo() {
  [[ ! -e $mongo_tools/complete ]] || return 0
  on_debian_as_root || no_mongo "unpacking it needs root on a Debian" || return
  local command
  for command in go flock unshare chroot dpkg-deb; do
    command -v "$command" >/dev/null || no_mongo "$command is missing" || return
  done
  mkdir -p "$tools"
  (
    flock 8
    [[ ! -e $mongo_tools/complete ]] || exit 0
    lay_mongo || no_mongo "getting its packages failed (see above)"
  ) 8>"$tools/mongo.lock"
}

# In a process of its own, because it stops at the first error.
lay_mongo() { bash -euo pipefail -c "$(declare -p tools ferretdb_version postgres_version debian_suite mongo_tools mongo_root)
$(declare -f build_ferretdb debian_mirror fetch_packages unpack_packages furnish_root lay_all); lay_all" 8>&-; }

lay_all() {
  printf 'getting FerretDB %s and PostgreSQL %s (once, a minute or two)\n' "$ferretdb_version" "$postgres_version" >&2
  rm -rf "$mongo_tools"
  mkdir -p "$mongo_root" "$mongo_tools/apt"
  build_ferretdb &
  local building=$!
  fetch_packages
  unpack_packages
  furnish_root
  wait "$building"
  install -D -m 0755 "$mongo_tools/go/ferretdb" "$mongo_root/usr/local/bin/ferretdb"
  rm -rf "$mongo_tools/apt" "$mongo_tools/go"
  chroot "$mongo_root" "/usr/lib/postgresql/$postgres_version/bin/postgres" --version >&2
  chroot "$mongo_root" /usr/local/bin/ferretdb --version | sed -n 's/^version:/ferretdb:/p' >&2
  touch "$mongo_tools/complete"
}

# Static, so that it runs inside that root.
build_ferretdb() {
  cd "$mongo_tools"
  CGO_ENABLED=0 GOBIN=$mongo_tools/go GOFLAGS=-buildvcs=false \
    go install "github.com/FerretDB/FerretDB/v2/cmd/ferretdb@$ferretdb_version" >&2
}

# Where this machine itself gets Debian from, in either form of apt's sources.
debian_mirror() {
  find /etc/apt/ -type f \( -name 'sources.list' -o -path '*/sources.list.d/*' \) -print0 |
    sort -z | xargs -0r sed -nE 's/^(URIs:|deb( +\[[^]]*\])?) +([^ ]+\/debian)\/?( .*)?$/\3/p' | sed -n 1p
}

# apt with lists, state and cache of its own: the machine's stay as they are.
fetch_packages() {
  local mirror apt=$mongo_tools/apt keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  mirror=$(debian_mirror)
  [[ -n $mirror ]] || { printf "apt's sources name no mirror of Debian\n" >&2 && return 1; }
  mkdir -p "$apt"/state/lists/partial "$apt"/cache/archives/partial
  : >"$apt/status"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$debian_suite" >"$apt/sources.list"
  local options=(-qq -o "Dir::State=$apt/state" -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache"
    -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update >&2
  apt-get "${options[@]}" install --download-only --yes --no-install-recommends \
    "postgresql-$postgres_version-documentdb" dash >&2
}

unpack_packages() {
  local directory package
  # A link that stands before its first file: packages of before the merge of / and /usr still name the old places.
  for directory in bin sbin lib lib64; do
    mkdir -p "$mongo_root/usr/$directory"
    ln -s "usr/$directory" "$mongo_root/$directory"
  done
  for package in "$mongo_tools"/apt/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" |
      tar --extract --directory "$mongo_root" --keep-directory-symlink --no-same-owner \
        --exclude='*/bitcode' --exclude='./usr/share/doc' --exclude='./usr/share/locale' --exclude='./usr/share/man'
  done
}

# What the packages' own scripts would have done, as far as it is needed.
furnish_root() {
  local device extensions=$mongo_root/usr/share/postgresql/$postgres_version/extension
  mkdir -p "$mongo_root"/{data,dev,proc,tmp} "$mongo_root/etc/ld.so.conf.d"
  chmod 1777 "$mongo_root/tmp"
  for device in null:3 zero:5 random:8 urandom:9; do
    [[ -e $mongo_root/dev/${device%:*} ]] || mknod -m 0666 "$mongo_root/dev/${device%:*}" c 1 "${device#*:}"
  done
  printf 'root:x:0:0::/:/bin/sh\npostgres:x:999:999::/:/bin/sh\n' >"$mongo_root/etc/passwd"
  printf 'root:x:0:\npostgres:x:999:\n' >"$mongo_root/etc/group"
  # DocumentDB calls its own server back by this name.
  printf '127.0.0.1 localhost\n' >"$mongo_root/etc/hosts"
  ln -sf dash "$mongo_root/usr/bin/sh"
  # PostGIS and the libraries of linear algebra are picked by update-alternatives.
  ln -sf postgis-3.control "$extensions/postgis.control"
  (cd "$mongo_root" && find usr/lib -type d \( -name blas -o -name lapack \) -printf '/%p\n') \
    >"$mongo_root/etc/ld.so.conf.d/alternatives.conf"
  chroot "$mongo_root" /usr/sbin/ldconfig
}
