#!/bin/sh
# Starts RingDesk with practice contacts and a practice phone; first installs what is missing.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=packaging/linux/lib.sh
. "$root/packaging/linux/lib.sh"

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]; then
  fail "there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set): start this from a desktop session."
fi
find_python
ensure_packages "$(python_packages; run_packages)"
ensure_venv run
exec "$venv/bin/python" -m ringdesk --demo "$@"
