#!/usr/bin/env bash
# Runs the Dockerfile's steps where there is no container engine: its base images are a Debian made by
# debootstrap with the Node that npm ci brought, a stage is a folder, RUN is chroot. Then it starts the
# image's command as a container would be run at its strictest (the image's user, a read-only root, no
# capabilities, no network but the loopback), has it transcribe a recording, and stops it.
#
#   docker/try-without-engine.sh
#
# Exits with 77 where a tool is missing, with 1 where something is not as it should be. Debian's part of
# the base is kept in .cache/container-base. Mounts are made in namespaces that end with their step, so
# that nothing that is removed here can be reached through one.
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
recording=$top/test/fixtures/audio/reference.wav
heard='"text":"seven three"'

say() { printf '%s\n' "$*"; }
fail() {
  say "FAILED: $*" >&2
  exit 1
}

missing() {
  local tool
  [ "$(id -u)" = 0 ] || { echo 'root' && return; }
  for tool in debootstrap unshare nsenter chroot ip curl npm; do
    command -v "$tool" >/dev/null || { echo "$tool" && return; }
  done
  compgen -G 'node_modules/node-linux-*/bin/node' >/dev/null || { echo 'npm ci' && return; }
  unshare --mount --net true 2>/dev/null || echo 'namespaces'
}

lacking=$(missing)
if [ -n "$lacking" ]; then
  say "skipped: this needs $lacking"
  exit 77
fi

node=$top/$(compgen -G 'node_modules/node-linux-*/bin/node' | head -n 1)
scratch=$(mktemp -d)
chmod 755 "$scratch"
holder='' server=''
cleanup() {
  for process in $server $holder; do kill -KILL "$process" 2>/dev/null || true; done
  rm -rf --one-file-system "$scratch"
}
trap cleanup EXIT

# --- A base image: node:<version>-<suite>-slim -----------------------------------------------------

make_base() { # <image> <root>
  local image=$1 root=$2 version suite debian npm
  [[ $image =~ ^node:([0-9.]+)-([a-z]+)-slim$ ]] || fail "no base is known for $image"
  version=${BASH_REMATCH[1]} suite=${BASH_REMATCH[2]}
  [ "$("$node" --version)" = "v$version" ] || fail "npm ci brought $("$node" --version), not $image"
  debian=.cache/container-base/$suite
  if [ ! -e "$debian/complete" ]; then
    rm -rf --one-file-system "$debian"
    mkdir -p "$debian"
    say "debootstrap $suite"
    unshare --mount --propagation private debootstrap --variant=minbase "$suite" "$debian/root" \
      >"$scratch/debootstrap.log" || { cat "$scratch/debootstrap.log" && fail 'debootstrap'; }
    rm -rf "$debian"/root/var/cache/apt/archives/*.deb "$debian"/root/var/lib/apt/lists/*
    touch "$debian/complete"
  fi
  cp -a "$debian/root" "$root"
  chroot "$root" groupadd --gid 1000 node
  chroot "$root" useradd --uid 1000 --gid node --shell /bin/bash --create-home node
  install -m 755 "$node" "$root/usr/local/bin/node"
  npm=$(readlink -f "$(command -v npm)")
  mkdir -p "$root/usr/local/lib/node_modules"
  cp -a "${npm%/bin/*}" "$root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
}

# --- The Dockerfile, instruction by instruction ----------------------------------------------------

declare -A arguments=()
variables=() root='' workdir=/ user=root port='' command='' health=''

instructions() { # without comments, each on one line
  sed -e '/^[[:space:]]*#/d' Dockerfile | sed -e ':next' -e '/\\$/{N;s/\\\n/ /;b next' -e '}' |
    grep -v '^[[:space:]]*$'
}

make_context() { # what .dockerignore lets through
  local line
  mkdir "$scratch/context"
  [ "$(head -n 1 .dockerignore)" = '*' ] || fail '.dockerignore does not begin by leaving all out'
  while read -r line; do
    [[ $line == '!'* ]] || fail "no meaning is known for .dockerignore's $line"
    cp -a --parents "${line#!}" "$scratch/context"
  done < <(tail -n +2 .dockerignore)
}

begin_stage() { # <image> [AS <name>]
  local image=$1 name=${3:-final} argument
  for argument in "${!arguments[@]}"; do
    image=${image//\$\{$argument\}/${arguments[$argument]}}
  done
  root=$scratch/stage-$name
  make_base "$image" "$root"
  variables=() workdir=/ user=root command='' health=''
}

copy() { # [--from=<stage>] <source>… <destination>
  local from=$scratch/context destination path
  if [[ $1 == --from=* ]]; then
    from=$scratch/stage-${1#--from=}
    shift
  fi
  destination=${!#}
  [[ $destination == /* ]] || destination=$workdir/$destination
  for path in "${@:1:$#-1}"; do
    if [ -d "$from/$path" ]; then
      mkdir -p "$root$destination"
      cp -a --no-preserve=ownership "$from/$path/." "$root$destination/"
    else
      cp -a --no-preserve=ownership "$from/$path" "$root$destination"
    fi
  done
}

# In a mount namespace of its own: this machine's devices, its way to the registry, its cache of packages.
with_registry='
  root=$1 cache=$2
  shift 2
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"
  for file in /etc/resolv.conf /etc/hosts; do
    touch "$root$file"
    mount --bind "$(readlink -f "$file")" "$root$file"
  done
  mkdir -p "$root/etc/ssl/certs"
  mount --bind /etc/ssl/certs "$root/etc/ssl/certs"
  mount -t tmpfs tmpfs "$root/mnt"
  mkdir -p "$cache" "$root/mnt/npm"
  mount --bind "$cache" "$root/mnt/npm"
  exec chroot "$root" "$@"'

run() { # <command for the shell>
  unshare --mount --propagation private bash -euc "$with_registry" - "$root" "$(npm config get cache)" \
    env --ignore-environment --chdir="$workdir" PATH=/usr/local/bin:/usr/bin:/bin HOME=/root \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm_config_cache=/mnt/npm \
    npm_config_prefer_offline=true npm_config_registry="$(npm config get registry)" \
    "${variables[@]}" sh -c "$1"
}

make_context
while read -r instruction rest; do
  say "$instruction $rest"
  read -ra words <<<"$rest"
  case $instruction in
    ARG) arguments[${rest%%=*}]=${rest#*=} ;;
    FROM) begin_stage "${words[@]}" ;;
    WORKDIR) workdir=$rest && mkdir -p "$root$workdir" ;;
    ENV) variables+=("${words[@]}") ;;
    COPY) copy "${words[@]}" ;;
    RUN) run "$rest" ;;
    USER) user=$rest ;;
    EXPOSE) port=$rest ;;
    HEALTHCHECK) health=${rest#*CMD } ;;
    CMD) command=$rest ;;
    *) fail "no step is known for $instruction" ;;
  esac
done < <(instructions)

# --- The image ---------------------------------------------------------------------------------------

identity=$(chroot "$root" getent passwd "$user" | cut -d: -f3,4)
[ "${identity%:*}" != 0 ] || fail 'it would run as root'

# What comes before a command of the image: its user and its environment, and nothing of this shell's.
in_image=(chroot "$root" setpriv --reuid="${identity%:*}" --regid="${identity#*:}" --clear-groups
  --bounding-set=-all --inh-caps=-all --no-new-privs
  env --ignore-environment --chdir="$workdir" PATH=/usr/local/bin:/usr/bin:/bin "${variables[@]}")

say "the image has $(du -sm "$root" | cut -f1) MB, of which node_modules $(du -sm "$root$workdir/node_modules" | cut -f1)"
for tool in npm npx corepack yarn gcc cc make python3 git curl; do
  ! "${in_image[@]}" sh -c "command -v $tool" || fail "the image has $tool"
done
for package in typescript vitest @biomejs/biome openai parse-prometheus-text-format; do
  [ ! -e "$root$workdir/node_modules/$package" ] || fail "the image has $package, which only tests need"
done
writable=$("${in_image[@]}" find "$workdir" -writable)
[ -z "$writable" ] || fail "its user can write $writable"
say 'ok: no package manager, no build tools, no development dependencies, nothing that its user can write'

# --- The container -----------------------------------------------------------------------------------

sealed='
  root=$1
  ip link set lo up
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"
  mount -o remount,bind,ro "$root"
  echo sealed
  exec sleep infinity'
unshare --mount --net --propagation private bash -euc "$sealed" - "$root" >"$scratch/sealed" &
holder=$!
disown
until [ -s "$scratch/sealed" ]; do
  kill -0 "$holder" 2>/dev/null || fail 'the container cannot be sealed'
  sleep 0.1
done
inside=(nsenter --target "$holder" --mount --net)
[ "$("${inside[@]}" ip -oneline link | wc -l)" = 1 ] || fail 'there is a network'

words_of() { # <JSON array>; each ended by a zero byte
  "$node" -e "for (const word of JSON.parse(process.argv[1])) process.stdout.write(word + '\0')" "$1"
}

mapfile -d '' -t words < <(words_of "$command")
exec {log}>"$scratch/log"
(exec "${inside[@]}" "${in_image[@]}" "${words[@]}" >&"$log" 2>&1) &
server=$!
patience=300 # half seconds
until grep -q '"msg":"ready"' "$scratch/log"; do
  patience=$((patience - 1))
  if [ "$patience" = 0 ] || ! kill -0 "$server" 2>/dev/null; then
    cat "$scratch/log"
    fail 'it does not start'
  fi
  sleep 0.5
done
say 'ok: ready, without a network'

! "${inside[@]}" "${in_image[@]}" touch "$workdir/x" 2>/dev/null || fail 'the root can be written'
! "${inside[@]}" "${in_image[@]}" touch /tmp/x 2>/dev/null || fail '/tmp can be written'
say 'ok: the root is read-only'

mapfile -d '' -t words < <(words_of "$health")
"${inside[@]}" "${in_image[@]}" "${words[@]}" || fail 'the health check fails'
say 'ok: healthy'

url=http://127.0.0.1:$port
answer=$("${inside[@]}" curl --silent --show-error --fail -F "file=@$recording" "$url/v1/audio/transcriptions")
[[ $answer == *"$heard"* ]] || fail "expected $heard, got $answer"
say "ok: $answer"
counted='sori_requests_total{route="/v1/audio/transcriptions",status="200",decoder="ctc_greedy"} 1'
"${inside[@]}" curl --silent --fail "$url/metrics" >"$scratch/metrics"
grep --quiet --fixed-strings "$counted" "$scratch/metrics" || fail "/metrics lacks $counted"
say 'ok: counted in /metrics'

kill -TERM "$server"
code=0
wait "$server" || code=$?
server=''
[ "$code" = 0 ] || { cat "$scratch/log" && fail "it ended with $code"; }
say 'ok: it ends with 0 on SIGTERM'
