# shellcheck shell=sh
# What run.sh, test.sh and the checks share: system packages and the private Python environment.
# The caller sets `root`, the folder of the clone, before it reads this file.

venv=${root:?}/.venv
unset PYTHONHOME PYTHONPATH

say() { printf 'ringdesk: %s\n' "$*"; }
fail() { printf 'ringdesk: %s\n' "$*" >&2; exit 1; }

# --- system packages: "NAME why", or "NAME|OTHER why" where releases of Debian name it differently ---

run_packages() {
  cat <<'END'
libegl1                       Qt draws its windows through it
libgl1                        Qt draws its windows through it
libglib2.0-0t64|libglib2.0-0  Qt's event loop and text encodings
libdbus-1-3                   tray, notifications and the keyring are reached over D-Bus
libfontconfig1                finds the fonts
libbrotli1                    Qt reads compressed fonts with it
libgssapi-krb5-2              Qt's network library is linked with it
libxkbcommon-x11-0            reads the keyboard on X11
libxcb-cursor0                Qt's X11 support
libxcb-icccm4                 Qt's X11 support
libxcb-keysyms1               Qt's X11 support
libxcb-shape0                 Qt's X11 support
libx11-xcb1                   Qt's X11 support
libwayland-cursor0            Qt's Wayland support
libwayland-egl1               Qt's Wayland support
fonts-noto-core               letters for names in most scripts
END
}

test_packages() {
  cat <<'END'
xvfb                          a screen without a monitor
xauth                         lets only the tests onto that screen
openbox                       a window manager: without one nobody can steal the focus
dbus                          a session bus of the tests' own
dbus-x11                      starts that bus for programs that look for it on the screen
xdotool                       types and clicks like a person
imagemagick                   takes and compares pictures of the screen
x11-utils                     asks the screen which windows are there
xterm                         the other window, whose letters must not get lost
xfce4-panel                   a real panel whose tray shows the icon
xfconf                        that panel's settings
libglib2.0-bin                asks that panel over the bus
at-spi2-core                  the accessibility bus
python3-gi                    reads that bus
gir1.2-atspi-2.0              reads that bus
gnome-keyring                 a real keyring
fonts-noto-cjk                letters for Chinese, Japanese and Korean names
fonts-noto-color-emoji        emoji in names
desktop-file-utils            checks the menu entry
appstream                     checks the description for software centres
baresip-core                  the softphone that is called
sip-tester                    the caller (sipp)
postgresql                    the team directory lives in it
chromium                      a real browser for sign-in and hostile pages
chromium-driver               drives that browser
mount                         a disk so small that it fills up
sway                          a Wayland desktop without a monitor
foot                          the window that is typed into there
mako-notifier                 shows that desktop's notifications
wtype                         types there
END
}

# The lines of the list on standard input whose package is not installed.
missing_of() {
  have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
  while read -r names why; do
    [ -n "$names" ] || continue
    # Alternatives are whole lines for grep: one of them in the list is enough.
    printf '%s\n' "$have" | grep -qxF -e "$(printf '%s' "$names" | tr '|' '\n')" || printf '%s %s\n' "$names" "$why"
  done
}

# The name this release of Debian gives to NAME|OTHER; nothing if it has none.
name_here() {
  for candidate in $(printf '%s' "$1" | tr '|' ' '); do
    if apt-cache show --no-all-versions "$candidate" >/dev/null 2>&1; then
      printf '%s\n' "$candidate"
      return
    fi
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs what the given list names and this machine lacks.
ensure_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "NOT DEBIAN: this script cannot install system packages here. What it would have looked for:"
    printf '%s\n' "$1"
    return 0
  fi
  missing=$(printf '%s\n' "$1" | missing_of)
  [ -n "$missing" ] || return 0
  say "these Debian packages are missing:"
  printf '%s\n' "$missing" | sed 's/ /\t/; s/|/ or /' | expand -t 34 | sed 's/^/  /'
  if [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; then
    [ "$(id -u)" -eq 0 ] || say "installing them needs sudo, which may ask for your password"
    as_root apt-get update -q -o DPkg::Lock::Timeout=120 || say "the package lists could not be refreshed; going on with the old ones"
    install_packages "$missing" || by_hand "they could not be installed" "$missing"
  else
    by_hand "sudo is not there" "$missing"
  fi
}

by_hand() {
  fail "$1. Run this as root, then start again:
  apt-get update && apt-get install -y --no-install-recommends $(names_here "$2")"
}

names_here() {
  printf '%s\n' "$1" | while read -r names _; do
    found=$(name_here "$names")
    printf '%s ' "${found:-${names##*|}}"
  done
}

install_packages() {
  wanted=
  while read -r names why; do
    found=$(name_here "$names")
    if [ -n "$found" ]; then
      wanted="$wanted $found"
    else
      say "NOT IN THIS RELEASE: no package $names ($why). What needs it will fail."
    fi
  done <<END
$1
END
  # shellcheck disable=SC2086 # one word a package
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 $wanted
}

# --- Python ---

# Sets `python` to an interpreter that RingDesk runs on.
find_python() {
  for python in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      return 0
    fi
  done
  fail "RingDesk needs Python 3.11, 3.12 or 3.13, and none was found; PYTHON=/path/to/python3 names one."
}

# The list of packages to make an environment with the chosen Python; empty when it can by itself.
python_packages() {
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo 'python3-venv                  makes the private Python environment'
  fi
}

venv_fits() {
  # An environment cannot be moved, and ends with the Python that made it.
  grep -qF -- "$venv" "$venv/pyvenv.cfg" 2>/dev/null && "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

venv_is_ready() {
  [ "$(cat "$venv/ringdesk-$1.stamp" 2>/dev/null)" = "$2" ] &&
    "$venv/bin/python" -c 'import importlib.util as u, sys; sys.exit(not (u.find_spec("PySide6") and u.find_spec("ringdesk")))' 2>/dev/null
}

# Makes .venv hold RingDesk and what it needs ("run") or also what tests need ("dev").
# A stamp says for which inputs that was done, so that the next start skips it all, without network.
ensure_venv() {
  inputs=$(cat "$root/pyproject.toml" "$root/packaging/constraints.txt" | sha256sum | cut -d ' ' -f 1)
  ! venv_is_ready "$1" "$inputs" || return 0
  exec 9<"$root/packaging"
  command -v flock >/dev/null && flock 9
  venv_is_ready "$1" "$inputs" || fill_venv "$1" "$inputs"
  exec 9<&-
}

fill_venv() {
  if ! venv_fits; then
    say "making the Python environment $venv"
    "$python" -m venv --clear "$venv" || fail "$python could not make $venv"
  fi
  rm -f "$venv"/ringdesk-*.stamp
  say "installing RingDesk's Python packages (the first time this downloads about 100 MB)"
  case $1 in run) what=. ;; *) what=.[$1] ;; esac
  (cd "$root" && PIP_USER=0 "$venv/bin/python" -m pip install -q --disable-pip-version-check \
    -c packaging/constraints.txt -e "$what") || fail "pip could not install RingDesk; is the network there?"
  printf '%s\n' "$2" >"$venv/ringdesk-run.stamp"
  printf '%s\n' "$2" >"$venv/ringdesk-$1.stamp"
}
