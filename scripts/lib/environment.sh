# Virtual environments. Sourced; needs UV.

# One set-up at a time, where the system can lock.
lock_setup() {
  mkdir -p .cache
  exec 9>.cache/setup.lock
  if command -v flock >/dev/null; then flock 9; fi
}

# make_environment FOLDER PYTHON-REQUEST INSTALL-ARGUMENT...: makes FOLDER, unless it is up to date, and prints it.
make_environment() {
  local folder=$1 request=$2
  shift 2
  if ! is_up_to_date "$folder"; then
    ensure_system_packages
    find_python "$request"
    require_compiler "$request"
    step "installing Python packages into $folder"
    "$UV" venv --quiet --no-project --allow-existing --relocatable --python "$PYTHON" "$folder"
    CPATH=$(include_path) "$UV" pip install --python "$folder/bin/python" --requirements pyproject.toml "$@" >&2
    fingerprint "$folder" >"$folder/setup-stamp"
  fi
  step "ready"
  echo "$folder"
}

# Home Assistant brings two packages that are compiled here; the pure packages need none.
require_compiler() {
  [[ $1 != "$HOME_ASSISTANT_PYTHON" ]] || command -v c++ >/dev/null ||
    fail "there is no C++ compiler" "sudo apt-get install g++"
}

# What FOLDER was made from. Running its interpreter shows that it still works.
fingerprint() {
  {
    cat pyproject.toml constraints.txt scripts/setup scripts/lib/*
    pwd
    "$1/bin/python" --version
  } | cksum
}

is_up_to_date() {
  [[ -f $1/setup-stamp ]] && [[ $(<"$1/setup-stamp") == "$(fingerprint "$1" 2>/dev/null)" ]]
}

# Where compilers find headers besides the usual places; the unpacked Debian Python has its own.
include_path() {
  if [[ $PYTHON == "$DEBIAN_PYTHON"/* ]]; then
    echo "$DEBIAN_PYTHON/usr/include${CPATH:+:$CPATH}"
  else
    echo "${CPATH:-}"
  fi
}

# The folder for PYTHON: .venv-3.13 for "3.13" as for the path of a Python 3.13.
environment_of_python() {
  "$PYTHON" -c 'import sys; print(".venv-%d.%d" % sys.version_info[:2])'
}

# write_override VERSION FILE. The test plugin pins an older Home Assistant and what belongs to it: have the group of this
# version in pyproject.toml win.
write_override() {
  sed -n "/^homeassistant-${1//./-} = \[/,/^\]/p" pyproject.toml | grep -oE '"[^"]+==[^"]+"' | tr -d '"' >"$2" ||
    fail "pyproject.toml has no dependency group for Home Assistant $1" "scripts/setup --ha 2026.11"
}
