# A Homie controller made by others, for the tests of the bridge. Sourced.

HOMIE_CONSUMER=.cache/homie-consumer

# Installs it where there is npm; elsewhere the tests that need it are skipped, and say so.
install_homie_consumer() {
  local source=tests/openhab_bridge/homie/consumer
  if ! command -v npm >/dev/null; then
    note "without npm and node, tests with a Homie controller of others are skipped (on Debian: apt-get install npm)"
    return 0
  fi
  if cmp -s "$source/package-lock.json" "$HOMIE_CONSUMER/installed"; then return 0; fi
  step "installing a Homie controller for the tests"
  mkdir -p "$HOMIE_CONSUMER"
  cp "$source/package.json" "$source/package-lock.json" "$HOMIE_CONSUMER/"
  npm ci --prefix "$HOMIE_CONSUMER" --ignore-scripts --no-audit --no-fund --silent >&2 ||
    fail "the Homie controller for the tests cannot be installed" "look at the message of npm above, and try again"
  cp "$source/package-lock.json" "$HOMIE_CONSUMER/installed"
}
