# Finds a Python, or gets one. Sourced; needs UV.

readonly HOME_ASSISTANT_PYTHON='>=3.14.2,<3.15'
readonly DEBIAN_PYTHON=$PWD/.cache/debian-python

# find_python REQUEST: sets PYTHON. REQUEST is a version, a range or the path of an interpreter.
find_python() {
  if find_installed_python "$1"; then return 0; fi
  [[ $1 == "$HOME_ASSISTANT_PYTHON" ]] || fail "Python $1 is not on this machine" "uv python install $1"
  step "getting Python 3.14 with uv"
  if UV_HTTP_RETRIES=0 "$UV" python install --quiet 3.14 && find_installed_python "$1"; then return 0; fi
  step "that download is blocked here: unpacking Debian's packages of Python 3.14 into .cache instead"
  scripts/lib/debian_python "$DEBIAN_PYTHON" "$UV" && find_installed_python "$1" ||
    fail "no Python 3.14.2 or newer could be found or downloaded" "install Python 3.14 with its headers, then run this again"
}

find_installed_python() {
  use_pyenv "$1"
  PYTHON=$(PATH=$PATH:$DEBIAN_PYTHON/usr/bin "$UV" python find --system --no-python-downloads "$1" 2>/dev/null) || return 1
  [[ $1 != "$HOME_ASSISTANT_PYTHON" ]] || has_headers "$PYTHON"
}

# Two of Home Assistant's packages are compiled here, so an interpreter without its C headers will not do.
has_headers() {
  "$1" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_config_h_filename()))'
}

# pyenv hides the versions that are not selected.
use_pyenv() {
  local version
  if command -v pyenv >/dev/null && version=$(pyenv latest "$1" 2>/dev/null); then export PYENV_VERSION=$version; fi
}
