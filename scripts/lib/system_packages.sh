# Programs that come from the operating system. Sourced.

# The Debian packages whose programs are missing here, one per line.
missing_system_packages() {
  local PATH=$PATH:/usr/sbin:/sbin
  command -v c++ >/dev/null || echo g++
  command -v mosquitto >/dev/null || echo mosquitto
  command -v mosquitto_pub >/dev/null || echo mosquitto-clients
  has_browser || echo chromium
  has_library libturbojpeg || echo libturbojpeg0
}

has_browser() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# Whether the dynamic linker knows the library; systems without ldconfig are believed.
has_library() {
  ! command -v ldconfig >/dev/null || ldconfig -p | grep "$1\.so" >/dev/null
}

may_install_system_packages() {
  [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null && [[ -r /etc/os-release ]] && grep -q '^ID=debian' /etc/os-release
}

# apt_install PACKAGE...: quiet, without questions. The tests start their own Mosquitto on a free port, so where there
# is a service manager the service that came with a package just installed is switched off again.
apt_install() {
  step "installing with apt: $*"
  apt-get update -qq </dev/null || return 1
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" </dev/null >/dev/null || return 1
  if [[ " $* " == *" mosquitto "* && -d /run/systemd/system ]]; then
    systemctl disable --now mosquitto
  fi
}

# Installs what is missing where that is allowed; otherwise says which line does, and goes on.
ensure_system_packages() {
  local missing
  missing=$(missing_system_packages | tr '\n' ' ')
  [[ -n $missing ]] || return 0
  # shellcheck disable=SC2086 # a list of package names
  if may_install_system_packages && apt_install $missing; then return 0; fi
  step "the tests need programs that are missing here; on Debian this line installs them:"
  note "sudo apt-get install --no-install-recommends $missing"
}
