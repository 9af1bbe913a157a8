#!/bin/sh
# Runs a command on the current screen and session bus with a window manager (desktop) or an
# unlocked keyring (keyring) beside it, which ends when the command has ended.
#   session.sh desktop|keyring COMMAND...
set -eu
kind=$1
shift

is_up() {
  case $kind in
    desktop) xprop -root _NET_SUPPORTING_WM_CHECK | grep -q 'window id' ;;
    keyring)
      dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:org.freedesktop.secrets | grep -q 'boolean true'
      ;;
  esac 2>/dev/null
}

case $kind in
  desktop) openbox & ;;
  keyring) printf 'practice\n' | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null & ;;
esac
beside=$!
tries=100
until is_up; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "session.sh: the $kind did not come up within 10 s" >&2; exit 1; }
  sleep 0.1
done

status=0
"$@" || status=$?
kill "$beside" 2>/dev/null || :
exit "$status"
