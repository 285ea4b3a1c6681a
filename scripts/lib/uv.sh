# Finds uv, or gets the version of constraints.txt into .cache/uv. Sourced.

readonly UV_MINIMUM=0.13.0
export UV_SYSTEM_CERTS=1 # networks with a certificate authority of their own
export UV_NO_PROGRESS=1

# Sets UV to a uv that is recent enough; the last place looked at is where it is installed.
find_uv() {
  for UV in "$(command -v uv || true)" .cache/uv/bin/uv; do
    if is_recent_uv "$UV"; then return 0; fi
  done
  step "getting uv, which installs Python packages"
  install_uv_in_venv || install_uv_with_pip || install_uv_after_apt ||
    fail "uv is missing and pip cannot install it" "sudo apt-get install python3-venv, or install uv in your own way; then run this again"
}

is_recent_uv() {
  local version
  [[ -x $1 ]] && version=$("$1" --version | cut -d ' ' -f 2) &&
    [[ $(printf '%s\n' "$UV_MINIMUM" "$version" | sort -V | head -n 1) == "$UV_MINIMUM" ]]
}

install_uv_in_venv() {
  python3 -m venv --clear .cache/uv >/dev/null 2>&1 && .cache/uv/bin/python -m pip install -q -c constraints.txt uv
}

# For a python3 that has pip but not the means to make a virtual environment.
install_uv_with_pip() {
  python3 -m pip --version >/dev/null 2>&1 && python3 -m pip install -q --target .cache/uv -c constraints.txt uv
}

install_uv_after_apt() {
  may_install_system_packages && apt_install python3-venv && install_uv_in_venv
}
