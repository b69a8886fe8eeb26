# Sourced by the programs in bin/: finds a Python, keeps a virtual environment up to date, and sets $python.
# Needs nothing but a POSIX shell. A second start costs a few checksums.

checkout=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
python=

stop_with() {
    printf '%s\n' "$1" >&2
    exit 1
}

is_suitable() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1
}

# The newest Python, except where an older one spares the installation of Redis: its package ends with 3.12.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_suitable "$PYTHON" || stop_with "PYTHON=$PYTHON is not a Python between 3.11 and 3.14; unset it or name another."
        base=$PYTHON
        return
    fi
    candidates='python3.14 python3.13 python3.12 python3.11 python3'
    if [ "$(uname -m)" = x86_64 ] && ! command -v redis-server >/dev/null && ! command -v valkey-server >/dev/null; then
        candidates='python3.12 python3.11 python3.14 python3.13 python3'
    fi
    for base in $candidates; do
        is_suitable "$base" && return
    done
    found=$(python3 --version 2>/dev/null || echo 'no Python')
    stop_with "SoniqueBay needs Python 3.11 to 3.14, and found $found. Install one (on Debian and Ubuntu: sudo apt install python3 python3-venv), or name it with PYTHON=/path/to/python."
}

choose_folder() {
    if [ -n "${SONIQUEBAY_VENV:-}" ]; then
        venv=$SONIQUEBAY_VENV
    elif [ -w "$checkout" ] || [ -e "$checkout/.venv" ]; then
        venv=$checkout/.venv
    else
        venv=${XDG_DATA_HOME:-$HOME/.local/share}/soniquebay/venv
    fi
    case $venv in /*) ;; *) venv=$PWD/$venv ;; esac
}

# What one file of requirements was when it was installed, and for which Python.
stamp_of() {
    printf '%s %s\n' "$(readlink -f -- "$venv/bin/python")" "$(cksum <"$checkout/$1")"
}

is_installed() {
    [ -x "$venv/bin/python" ] || return 1
    for file in "$@"; do
        [ -f "$venv/$file.installed" ] || return 1
        read -r kept <"$venv/$file.installed" || return 1
        [ "$kept" = "$(stamp_of "$file")" ] || return 1
    done
}

# Two programs of bin/ may be started at once; a lock whose holder is gone is taken over.
take_lock() {
    lock=$venv.lock
    mkdir -p "$(dirname "$venv")" 2>/dev/null || stop_with "The folder $(dirname "$venv") cannot be made; name another with SONIQUEBAY_VENV=DIR."
    until mkdir "$lock" 2>/dev/null; do
        [ -d "$lock" ] || stop_with "$(dirname "$venv") cannot be written to; name another folder with SONIQUEBAY_VENV=DIR."
        holder=$(cat "$lock/holder" 2>/dev/null || echo 0)
        if [ "$holder" != 0 ] && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf "$lock"
            continue
        fi
        sleep 1
        # A lock without a holder after a second was interrupted while it was made.
        [ "$holder" = 0 ] && [ ! -s "$lock/holder" ] && rm -rf "$lock"
    done
    echo $$ >"$lock/holder"
    trap 'rm -rf "$lock"; [ -z "${pip_process:-}" ] || kill "$pip_process" 2>/dev/null' EXIT
    trap 'exit 130' INT TERM HUP
}

# Made to its end, and by the Python that is still there; one that somebody else made counts when its pip works.
is_whole() {
    [ -x "$venv/bin/python" ] && is_suitable "$venv/bin/python" || return 1
    if [ -f "$venv/made-with" ]; then
        [ "$(cat "$venv/made-with")" = "$(readlink -f -- "$venv/bin/python")" ]
    else
        "$venv/bin/python" -m pip --version >/dev/null 2>&1
    fi
}

make_venv() {
    is_whole && return
    find_python
    if ! "$base" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        stop_with "Python $version lacks its module for virtual environments. Install it (on Debian and Ubuntu: sudo apt install python$version-venv) and start again."
    fi
    "$base" -m venv --clear "$venv" >"$log" 2>&1 || explain_failure "The virtual environment in $venv could not be made"
    readlink -f -- "$venv/bin/python" >"$venv/made-with"
}

check_space() {
    free=$(df -Pk "$(dirname "$venv")" | awk 'NR == 2 { print $4 }')
    [ "${free:-1000000}" -ge 700000 ] ||
        stop_with "The disk that holds $venv has $((free / 1024)) MB left, and the Python packages need about 700 MB. Free some space, or name another place with SONIQUEBAY_VENV=DIR."
}

explain_failure() {
    if grep -q -i -e 'no space left' -e 'disk quota' "$log"; then
        stop_with "The disk that holds $venv is full; free about 700 MB and start again. What was fetched is kept."
    fi
    missing=$(sed -n 's/.*No matching distribution found for \([^ ]*\).*/\1/p; s/.*Failed building wheel for \([^ ]*\).*/\1/p; s/.*Failed to build \([^ ]*\).*/\1/p' "$log" | head -n 1)
    if grep -q -i -e 'name resolution' -e 'NewConnectionError' -e 'unreachable' -e 'ConnectTimeout' -e 'ReadTimeout' \
        -e 'ProxyError' -e 'connection refused' -e 'Name or service not known' "$log"; then
        stop_with "The Python packages could not be fetched${missing:+ (stopped at $missing)}: the package index cannot be reached. Check the network and start again; what was fetched is kept. Details: $log"
    fi
    [ -z "$missing" ] || stop_with "The Python package $missing is not to be had for this machine ($(uname -m), $("$venv/bin/python" --version 2>/dev/null)). Details: $log"
    stop_with "$1. Details: $log"
}

show_progress() {
    collected=$(grep -c '^Collecting ' "$log")
    list=$(sed -n 's/^Installing collected packages: //p' "$log" | tail -n 1)
    if [ -n "$list" ]; then
        total=$(printf '%s\n' "$list" | awk -F, '{ print NF }')
        done=$(find "$venv"/lib/python3*/site-packages -maxdepth 1 -name '*.dist-info' -newer "$log.start" | wc -l)
        [ "$done" -le "$total" ] || done=$total
        printf '\r\033[K  Python packages: installing %d of %d' "$done" "$total"
    else
        [ "$collected" -le "$wanted" ] || wanted=$collected
        printf '\r\033[K  Python packages: fetching %d of %d' "$collected" "$wanted"
    fi
}

run_pip() {
    wanted=0
    set_of_files=
    for file in "$@"; do
        wanted=$((wanted + $(grep -c '==' "$checkout/$file")))
        set_of_files="$set_of_files --requirement $file"
    done
    : >"$log.start"
    # The files have plain names, and are named relative to the checkout, whose own name may hold spaces.
    # shellcheck disable=SC2086
    (cd "$checkout" && exec "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off \
        --retries 2 --prefer-binary $set_of_files) >>"$log" 2>&1 &
    pip_process=$!
    while [ -t 2 ] && kill -0 "$pip_process" 2>/dev/null; do
        show_progress >&2
        sleep 1
    done
    wait "$pip_process"
    result=$?
    pip_process=
    rm -f "$log.start"
    [ ! -t 2 ] || printf '\r\033[K' >&2
    [ "$result" -eq 0 ] || explain_failure "The Python packages could not be installed"
}

# prepare_environment FILE…: afterwards $python runs with everything that these files of requirements name.
prepare_environment() {
    choose_folder
    if ! is_installed "$@"; then
        take_lock
        if ! is_installed "$@"; then
            log=$venv.log
            # What an earlier attempt ran into is no reason for this one.
            : >"$log"
            check_space
            [ -t 2 ] || echo 'Installing Python packages (once, a few minutes) …' >&2
            make_venv
            run_pip "$@"
            for file in "$@"; do
                stamp_of "$file" >"$venv/$file.installed"
            done
            rm -f "$log"
        fi
        rm -rf "$lock"
        trap - EXIT INT TERM HUP
    fi
    python=$venv/bin/python
}
