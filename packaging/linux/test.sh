#!/bin/sh
# Runs all of RingDesk's tests without a desktop; first installs what they need.
#   test.sh [--soak] [what to pass on to pytest...]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=packaging/linux/lib.sh
. "$root/packaging/linux/lib.sh"

soak=no
for argument; do
  shift
  case $argument in
    --soak) soak=yes ;;
    *) set -- "$@" "$argument" ;;
  esac
done

find_python
ensure_packages "$(python_packages; run_packages; test_packages)"
ensure_venv dev

# Nothing of the desktop or the home of whoever runs this may reach the tests, nor the other way round.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM
for name in $(env | sed -n 's/^\([A-Z][A-Z0-9_]*\)=.*/\1/p'); do
  case $name in
    DISPLAY | WAYLAND_* | XAUTHORITY | XDG_* | DBUS_* | SESSION_MANAGER | DESKTOP_* | AT_SPI_* | NO_AT_BRIDGE) unset "$name" ;;
    QT_* | QML* | GTK_* | GNOME_* | KDE_* | XMODIFIERS | BROWSER | LANGUAGE | LC_* | LANG) unset "$name" ;;
    PYTHON* | PYTEST_* | COVERAGE_* | RINGDESK_*) unset "$name" ;;
  esac
done
mkdir "$work/home" "$work/run"
chmod 700 "$work/run"
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run" LC_ALL=C.UTF-8 COVERAGE_FILE="$work/coverage"
cd "$root"

passed=0 failed=0 skipped=0 summary=

# Adds up what a part's report says. A part that ends badly without a failed test has crashed: that counts as one.
count() {
  part=$1 status=$2
  numbers=$(LC_ALL=C sed -n 's/.*<testsuite [^>]*errors="\([0-9]*\)" failures="\([0-9]*\)" skipped="\([0-9]*\)" tests="\([0-9]*\)".*/\1 \2 \3 \4/p' \
    "$work/$part.xml" 2>/dev/null) || numbers=
  # shellcheck disable=SC2086 # four numbers
  set -- ${numbers:-0 0 0 0}
  bad=$(($1 + $2)) good=$(($4 - $1 - $2 - $3))
  case $status in
    0 | 5) ;;
    *) [ "$bad" -gt 0 ] || { bad=1; say "$part: ended with status $status"; } ;;
  esac
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + $3))
  line="$part: $good passed, $bad failed, $3 skipped"
  [ "$status" -ne 5 ] || line="$part: none yet"
  summary="$summary
  $line"
}

# part NAME 'MARKERS' WHERE [PYTEST ARGUMENTS]: one run of pytest.
part() {
  part=$1 markers=$2 where=$3
  shift 3
  printf '\n=== %s: pytest -m "%s"\n' "$part" "$markers"
  status=0
  "$where" "$venv/bin/python" -m pytest -rfEsX --durations=5 -m "$markers" --junitxml="$work/$part.xml" "$@" || status=$?
  count "$part" "$status"
}

# The three places a part can run in.
offscreen() { QT_QPA_PLATFORM=offscreen "$@"; }
on_screen() {
  QT_QPA_PLATFORM=xcb xvfb-run -a -s '-screen 0 1280x800x24' dbus-run-session -- sh packaging/linux/session.sh desktop "$@"
}
with_keyring() { QT_QPA_PLATFORM=offscreen dbus-run-session -- sh packaging/linux/session.sh keyring "$@"; }

# The Wayland desktop of the tests runs as an ordinary user, who must be able to start RingDesk from this clone.
nobody_can_read() {
  [ "$(id -u)" -ne 0 ] ||
    (cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$venv/bin/python" -c 'import ringdesk.app.main') >/dev/null 2>&1
}

# Every test that is not marked soak is in exactly one of these. The first part is nearly all of them: it runs in as many
# processes as there are processors, a module in one of them, in the order of tests/conftest.py.
part widgets 'not (bench or desktop or sip or keyring or soak or wayland)' offscreen \
  -n "$(nproc)" --dist loadfile --no-loadscope-reorder --cov --cov-report=term "$@"
part figures 'bench and not (desktop or sip or keyring or soak)' offscreen -s "$@"
part desktop '(desktop or sip) and not (keyring or soak)' on_screen "$@"
if nobody_can_read; then
  part wayland 'wayland and not soak' offscreen "$@"
else
  unread=$(offscreen "$venv/bin/python" -m pytest --collect-only -q -m 'wayland and not soak' "$@" 2>/dev/null | grep -c '::') || :
  say "wayland: $unread tests not run: sway refuses root, and the user nobody may not look into $root; clone to another folder"
  skipped=$((skipped + unread))
  summary="$summary
  wayland: 0 passed, 0 failed, $unread skipped (see above)"
fi
part keyring 'keyring and not soak' with_keyring "$@"
if [ "$soak" = yes ]; then
  part soak soak on_screen -o timeout=0 "$@"
else
  soaking=$(offscreen "$venv/bin/python" -m pytest --collect-only -q -m soak "$@" 2>/dev/null | grep '::') || :
  summary="$summary
  soak: $(printf '%s' "$soaking" | grep -c '::' || :) long tests NOT RUN; sh packaging/linux/test.sh --soak runs them too:
$(printf '%s\n' "$soaking" | sed 's/^/    /')"
fi

printf '\n=== all parts%s\n' "$summary"
line="$passed passed, $failed failed"
[ "$skipped" -eq 0 ] || line="$line, $skipped skipped"
[ $((passed + failed)) -gt 0 ] || say "no test ran"
printf '%s\n' "$line"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
