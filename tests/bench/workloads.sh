#!/usr/bin/env bash
# Builds the repositories that the measurements of tests/bench read: two releases of a large crate from the registry as
# base and head, and generated files. Needs cargo, git and about 1 GB. What is there already is kept.
#
#   tests/bench/workloads.sh [FOLDER]     (default: target/bench)
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(mkdir -p "${1:-target/bench}" && cd "${1:-target/bench}" && pwd)

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
export GIT_AUTHOR_DATE=2026-03-01T10:00:00Z GIT_COMMITTER_DATE=2026-03-01T10:00:00Z

crate=aws-sdk-ec2 before=0.28.0 after=1.130.0

# Unpacks one release of the crate into a folder, through cargo's own client.
release() { # version, folder
  local scratch; scratch=$(mktemp -d)
  mkdir "$scratch/src"; : >"$scratch/src/lib.rs"
  printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\n%s = { version = "=%s", default-features = false }\n' \
    "$crate" "$1" >"$scratch/Cargo.toml"
  (cd "$scratch" && cargo fetch --quiet)
  local home=${CARGO_HOME:-$HOME/.cargo}
  mkdir -p "$2"
  cp -r "$home"/registry/src/*/"$crate-$1"/src "$2/"
  rm -rf "$scratch"
}

repository() { # name
  rm -rf "$out/$1.part"; mkdir -p "$out/$1.part"
  git -C "$out/$1.part" init -q -b main
}

commit() { # name, tag
  git -C "$out/$1.part" add -A
  git -C "$out/$1.part" -c gc.auto=0 commit -q -m "$2"
  git -C "$out/$1.part" tag "$2"
}

finish() { # name
  git -C "$out/$1.part" gc -q
  mv "$out/$1.part" "$out/$1"
}

# The files of the crate that changed, as many of them as wanted, before and after.
slice() { # name, files
  [ -d "$out/$1" ] && return
  repository "$1"
  local old=$out/releases/$before new=$out/releases/$after folder=$out/$1.part
  # `|| true`: head closes the pipe when it has enough.
  { git diff --no-index --name-only --diff-filter=M "$old" "$new" || true; } | sed -E "s#^.*/releases/[^/]+/##" \
    | awk -v want="$2" '{ all[NR] = $0 } END { step = NR > want ? NR / want : 1; for (i = 1; i <= NR && n < want; i += step) { print all[int(i)]; n++ } }' \
    >"$out/$1.list"
  rsync_list "$old" "$folder" "$out/$1.list"; commit "$1" base
  rsync_list "$new" "$folder" "$out/$1.list"; commit "$1" head
  finish "$1"
}

rsync_list() { # from, to, list
  tar -C "$1" -T "$3" -cf - | tar -C "$2" -xf -
}

generated() { # name, file, command that writes it
  [ -d "$out/$1" ] && return
  repository "$1"
  echo "before" >"$out/$1.part/README"; commit "$1" base
  "$3" >"$out/$1.part/$2"; commit "$1" head
  finish "$1"
}

million() { awk 'BEGIN { for (i = 1; i <= 1000000; i++) printf "let value_%07d = compute(%d, \"%x\");\n", i, i * 7, i * 2654435761 % 65536 }'; }
long_line() { awk 'BEGIN { printf "var table=["; for (i = 0; i < 500000; i++) printf "\"k%06d\",", i; print "0];" }'; }

# Many small paths for the finder.
paths() {
  [ -d "$out/paths" ] && return
  repository paths
  echo before >"$out/paths.part/README"; commit paths base
  awk -v root="$out/paths.part" 'BEGIN { for (d = 0; d < 1000; d++) { dir = sprintf("%s/area%02d/module%03d", root, d % 40, d); system("mkdir -p " dir); for (f = 0; f < 100; f++) { name = sprintf("%s/part_%03d_%02d.rs", dir, d, f); print "pub fn f" f "() {}" > name; close(name) } } }'
  commit paths head; finish paths
}

if ! [ -d "$out/releases/$after" ]; then
  release "$before" "$out/releases/$before"
  release "$after" "$out/releases/$after.part"
  mv "$out/releases/$after.part" "$out/releases/$after"
fi
slice small "${SMALL_FILES:-20}"
slice medium "${MEDIUM_FILES:-300}"
slice large "${LARGE_FILES:-3000}"
generated million values.rs million
generated line table.js long_line
paths
for name in small medium large million line paths; do
  printf '%-8s %s\n' "$name" "$(git -C "$out/$name" diff --shortstat base head)"
done
