# What ./run and ./test share: finding tools, installing what Debian can give, building the web UI.
# Sourced, never run; the caller has `set -euo pipefail` and stands in the repository's root.

say() { printf '\n==> %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 2; }

# The programs of the newest PostgreSQL on this machine. Debian keeps them out of PATH, and what is
# in PATH may be a wrapper; a machine with only the client has a directory without initdb.
postgres_bin() {
  local dir
  while IFS= read -r dir; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then echo "$dir"; return; fi
  done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV)
  dir=$(dirname "$(readlink -f "$(command -v initdb || echo /none/initdb)")")
  [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && echo "$dir"
}

is_there() {
  case $1 in
    initdb) postgres_bin >/dev/null ;;
    # Debian keeps it where only root looks.
    mosquitto) command -v mosquitto >/dev/null || [ -x /usr/sbin/mosquitto ] ;;
    venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# ensure "TOOL PACKAGE…" …: installs the Debian packages of those tools that are not there.
ensure() {
  local line tool packages missing=() install=()
  for line in "$@"; do
    read -r tool packages <<<"$line"
    if ! is_there "$tool"; then missing+=("$tool"); read -ra packages <<<"$packages"; install+=("${packages[@]}"); fi
  done
  [ ${#missing[@]} -eq 0 ] && return
  command -v apt-get >/dev/null ||
    die "${missing[*]} not found, and this machine has no apt-get: install what Debian calls ${install[*]}, then try again"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      die "${missing[*]} not found: as root, run 'apt-get install ${install[*]}', or install sudo, then try again"
    as_root=(sudo)
  fi
  say "installing ${install[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${install[@]}"
  hash -r
  for tool in "${missing[@]}"; do
    is_there "$tool" || die "$tool is still not found after installing ${install[*]}"
  done
}

# Cargo comes with rustup, not from Debian, whose Rust is too old for this workspace.
require_rust() {
  command -v cargo >/dev/null || die "cargo not found: install Rust $(rust_version) or newer with rustup, then try again"
  local part
  for part in "$@"; do
    cargo "$part" --version >/dev/null 2>&1 && continue
    case $part in fmt) part=rustfmt ;; esac
    command -v rustup >/dev/null || die "cargo has no '$part': add it to your Rust installation, then try again"
    rustup component add "$part"
  done
}

rust_version() { sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml; }

# The binary carries the built UI, so this comes before cargo.
build_ui() { (cd web && npm ci --no-audit --no-fund && npm run build); }
