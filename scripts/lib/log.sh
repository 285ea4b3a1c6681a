# Messages of the developer scripts. Sourced, never run.

step() { printf '==> %s\n' "$*" >&2; }

note() { printf '    %s\n' "$*" >&2; }

# fail WHAT FIX: what is wrong, and the one line that puts it right.
fail() {
  printf '\nerror: %s\n  fix: %s\n' "$1" "$2" >&2
  exit 1
}
