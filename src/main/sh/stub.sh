#!/bin/sh
# gpuspool: this text finds a Java and hands it this very file, which goes on as a jar after the last line.
#
# Every command pays for what stands here, so it is shell builtins only: no program is started on the usual way. (A
# launcher that is a symlink costs one readlink, a Java that hides its version costs one more start of it.)
#
#   GPUSPOOL_JAVA   the Java to use: its bin/java, or its home directory. Else JAVA_HOME, else PATH.
#   exit 69         there is no Java of version 17 or newer
#   exit 1          the directory it is started in was removed
#
# The JVM gets an environment that is not quite the user's own (see below), but jobs must get the user's own. So every
# variable changed here is named in GPUSPOOL_STUB_ENV, and GPUSPOOL_USER_<name> holds what it was before, or `-` if
# it was not set at all. Our own names begin with _gs_, since a plain name that the user happens to export would be changed
# for the jobs too.

_gs_newest_too_old=16

_gs_die() { # message lines...
  printf 'gpuspool: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 69
}

# A standard stream that somebody closed would become the first file that the JVM opens, its own library: a verb that reads
# stdin would take that for its input.
{ true 3<&0; } 2>/dev/null || exec </dev/null
{ true 3>&1; } 2>/dev/null || exec >/dev/null
true 3>&2 || exec 2>/dev/null

# A JVM dies with a stack trace where its directory was removed. (The first question costs less, and is enough nearly always.)
[ "$PWD" -ef . ] || [ -n "$(pwd -P 2>/dev/null)" ] || {
  printf 'gpuspool: the directory you are in was removed; go to another one first: cd\n' >&2
  exit 1
}

# ---- The user's environment -------------------------------------------------------------------------------------------

# A gpuspool that starts itself anew passes on what it got: put the user's own values back first.
if [ -n "${GPUSPOOL_STUB_ENV:-}" ]; then
  for _gs_name in MALLOC_ARENA_MAX LC_ALL JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS; do
    case " $GPUSPOOL_STUB_ENV " in
      *" $_gs_name "*) eval "_gs_value=\${GPUSPOOL_USER_$_gs_name:-}" ;;
      *) continue ;;
    esac
    if [ "$_gs_value" = - ]; then unset "$_gs_name"; else eval "export $_gs_name=\$_gs_value"; fi
    unset "GPUSPOOL_USER_$_gs_name"
  done
fi
GPUSPOOL_STUB_ENV=

# A JVM prints "Picked up ..." for each of these, even into the output of --json, and what they ask for is
# meant for other programs.
if [ "${JAVA_TOOL_OPTIONS+set}" ]; then
  GPUSPOOL_STUB_ENV="$GPUSPOOL_STUB_ENV JAVA_TOOL_OPTIONS"
  export GPUSPOOL_USER_JAVA_TOOL_OPTIONS="$JAVA_TOOL_OPTIONS"
  unset JAVA_TOOL_OPTIONS
fi
if [ "${JDK_JAVA_OPTIONS+set}" ]; then
  GPUSPOOL_STUB_ENV="$GPUSPOOL_STUB_ENV JDK_JAVA_OPTIONS"
  export GPUSPOOL_USER_JDK_JAVA_OPTIONS="$JDK_JAVA_OPTIONS"
  unset JDK_JAVA_OPTIONS
fi
if [ "${_JAVA_OPTIONS+set}" ]; then
  GPUSPOOL_STUB_ENV="$GPUSPOOL_STUB_ENV _JAVA_OPTIONS"
  export GPUSPOOL_USER__JAVA_OPTIONS="$_JAVA_OPTIONS"
  unset _JAVA_OPTIONS
fi

# glibc keeps an arena of memory per thread, up to 8 per core; a watcher that sits idle for weeks needs two.
if [ -z "${MALLOC_ARENA_MAX+set}" ]; then
  GPUSPOOL_STUB_ENV="$GPUSPOOL_STUB_ENV MALLOC_ARENA_MAX"
  export GPUSPOOL_USER_MALLOC_ARENA_MAX=-
  export MALLOC_ARENA_MAX=2
fi

# In a locale that is not UTF-8, Java can neither take nor print a file name with an umlaut in it. A locale that calls itself
# UTF-8 may still be missing here (ssh brings LANG along from the laptop), and then Java has plain ASCII. No builtin can look
# into the archive of locales, so the one that can be seen to be there is used for everybody.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  C.UTF-8 | C.utf8) ;;
  *[Uu][Tt][Ff]-8* | *[Uu][Tt][Ff]8*) [ ! -d /usr/lib/locale/C.utf8 ] && [ ! -d /usr/lib/locale/C.UTF-8 ] ;;
  *) false ;;
esac || {
  GPUSPOOL_STUB_ENV="$GPUSPOOL_STUB_ENV LC_ALL"
  export GPUSPOOL_USER_LC_ALL="${LC_ALL--}"
  export LC_ALL=C.UTF-8
}

GPUSPOOL_STUB_ENV=${GPUSPOOL_STUB_ENV# }
if [ -n "$GPUSPOOL_STUB_ENV" ]; then export GPUSPOOL_STUB_ENV; else unset GPUSPOOL_STUB_ENV; fi

# ---- Which Java -------------------------------------------------------------------------------------------------------

# Reads the major version of the Java whose home is $1 into _gs_major, from the `release` file every JDK and JRE has.
_gs_read_release() {
  _gs_major=
  _gs_version=
  [ -f "$1/release" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r _gs_key _gs_value; do
    if [ "$_gs_key" = JAVA_VERSION ]; then
      _gs_version=${_gs_value#\"}
      _gs_version=${_gs_version%%[!0-9.]*}
      _gs_major=${_gs_version%%[!0-9]*} # "17.0.15" is 17; "1.8.0_402" is 1, and so too old
      break
    fi
  done <"$1/release"
  [ -n "$_gs_major" ]
}

# Finds the major version of the program $1; `ask` as $2 allows starting it for that.
_gs_find_major() {
  _gs_read_release "${1%/*}/.." && return
  # /usr/bin/java is a link to a link. A shell cannot follow them without help, but it can tell which JDK is at their end.
  for _gs_other in /usr/lib/jvm/*/bin/java; do
    if [ "$1" -ef "$_gs_other" ]; then
      _gs_read_release "${_gs_other%/bin/java}" && return
    fi
  done
  if [ -h "$1" ] && _gs_other=$(readlink -f -- "$1" 2>/dev/null); then
    _gs_read_release "${_gs_other%/*}/.." && return
  fi
  if [ "$2" = ask ]; then
    _gs_value=$("$1" -version 2>&1)
    case $_gs_value in
      *' version "'[0-9]*)
        _gs_major=${_gs_value#*' version "'}
        _gs_major=${_gs_major%%[!0-9]*}
        ;;
    esac
  fi
}

# Is $1 a Java that will do? If so it is _gs_java, else _gs_why tells what was wrong with it.
_gs_try() {
  if ! [ -f "$1" ] || ! [ -x "$1" ]; then
    _gs_why="$1: no such program"
    return 1
  fi
  _gs_find_major "$1" "$2"
  if [ -z "$_gs_major" ] && [ "$2" = ask ]; then
    _gs_why="$1 does not start"
    return 1
  fi
  if [ "${_gs_major:-99}" -le $_gs_newest_too_old ]; then
    [ "$_gs_major" != 1 ] || _gs_major='8 or older'
    _gs_why="$1 is Java $_gs_major"
    return 1
  fi
  _gs_java=$1
}

_gs_java=
if [ -n "${GPUSPOOL_JAVA:-}" ]; then
  # Asked for by name: this one or none. It may be a wrapper that won't tell its version; then it is trusted.
  _gs_value=$GPUSPOOL_JAVA
  [ ! -d "$_gs_value" ] || _gs_value=${_gs_value%/}/bin/java
  _gs_try "$_gs_value" trust ||
    _gs_die "GPUSPOOL_JAVA must name a Java 17 or newer, but $_gs_why."
else
  # A JAVA_HOME may be there for another program's sake; if it is stale or too old, PATH is asked all the same.
  _gs_home_why=unset
  if [ -n "${JAVA_HOME:-}" ]; then
    _gs_try "${JAVA_HOME%/}/bin/java" ask || _gs_home_why=$_gs_why
  fi
  if [ -z "$_gs_java" ]; then
    _gs_path_why='no java in it'
    _gs_ifs=$IFS
    IFS=:
    set -f
    for _gs_dir in ${PATH:-}; do
      IFS=$_gs_ifs
      set +f
      [ -f "${_gs_dir:-.}/java" ] || continue
      _gs_try "${_gs_dir:-.}/java" ask && break
      _gs_path_why=$_gs_why
    done
    IFS=$_gs_ifs
    set +f
  fi
  if [ -z "$_gs_java" ]; then
    _gs_hint='Install one (for example: apt install openjdk-17-jre-headless, dnf install java-21-openjdk-headless,'
    _gs_hint2='conda install -c conda-forge openjdk), or set GPUSPOOL_JAVA to one that is somewhere else.'
    for _gs_other in /usr/lib/jvm/*/bin/java; do
      if _gs_try "$_gs_other" trust && [ -n "$_gs_major" ]; then
        _gs_hint="Java $_gs_major is there, only not looked at. Use it with:"
        _gs_hint2="  export GPUSPOOL_JAVA=$_gs_other"
        break
      fi
    done
    _gs_die 'needs Java 17 or newer, and found none.' \
      "JAVA_HOME: $_gs_home_why" "PATH: $_gs_path_why" "$_gs_hint" "$_gs_hint2"
  fi
fi

# ---- Where am I -------------------------------------------------------------------------------------------------------

_gs_self=$0
case $_gs_self in
  */*) ;;
  *) # `sh gpuspool`: the shell looked here first, then in PATH
    [ -f "./$_gs_self" ] || _gs_self=$(command -v -- "$_gs_self") || _gs_self=$0
    ;;
esac
if [ -h "$_gs_self" ]; then
  _gs_self=$(readlink -f -- "$_gs_self") || _gs_self=$0 # without readlink, Java can follow the link as well
fi
case $_gs_self in
  /*) ;;
  *) _gs_self=${PWD%/}/${_gs_self#./} ;;
esac

# ---- How wide is the terminal ----------------------------------------------------------------------------------------

# A plain status cannot ask: in Java only the C library could, and that takes longer than all the rest. Elsewhere than on a
# terminal no program is started for it.
_gs_columns=
if [ -t 1 ]; then
  case ${1:-status} in
    status | --spool)
      { _gs_columns=$(stty size <&3 2>/dev/null 3<&-); } 3>&1
      _gs_columns=${_gs_columns#* }
      _gs_columns=${_gs_columns:-0}
      ;;
  esac
fi

# ---- What a command in the foreground gets ----------------------------------------------------------------------------

# `gpuspool run` becomes its command, which is to find what the user left it: signals that are ignored, descriptors that are
# open, what a core dump holds. Once there is a JVM nobody can tell any more. This very file, which the shell reads, is open too, and not the user's.
if [ "${1:-}" = run ]; then
  unset GPUSPOOL_STUB_SIGIGN
  while read -r _gs_key _gs_value; do
    if [ "$_gs_key" = SigIgn: ]; then
      export GPUSPOOL_STUB_SIGIGN="$_gs_value"
      break
    fi
  done 2>/dev/null </proc/self/status
  GPUSPOOL_STUB_CORE=
  read -r GPUSPOOL_STUB_CORE 2>/dev/null </proc/self/coredump_filter
  export GPUSPOOL_STUB_CORE
  export GPUSPOOL_STUB_FDS=
  for _gs_other in /proc/self/fd/*; do
    if [ -e "$_gs_other" ] && ! [ "$_gs_other" -ef "$_gs_self" ]; then
      GPUSPOOL_STUB_FDS="$GPUSPOOL_STUB_FDS ${_gs_other##*/}"
    fi
  done
fi

# ---- What was loaded before ------------------------------------------------------------------------------------------

# A watcher has the JVM write down the classes that short commands load; with them a start takes two thirds of the time. Only what
# is ours alone is used: it is code. One that is missing would cost the JVM its own archive as well; one that does not fit, nothing.
_gs_classes=
case ${1:-} in
  make-archive) [ $# -lt 2 ] || _gs_classes=-XX:ArchiveClassesAtExit=$2 ;;
  watch) ;; # starts once, and would be a little larger for all its life
  *)
    _gs_dir=${XDG_CACHE_HOME:-${HOME:-}/.cache}/gpuspool/start/$_gs_version$_gs_self
    case $_gs_version:${GPUSPOOL_NO_ARCHIVE:-}:$_gs_dir in
      :* | *:?*:* | *:*:*:*) ;; # no version known; switched off; a colon, where the JVM would see two archives
      *)
        _gs_other=$_gs_dir/classes.jsa
        { [ -f "$_gs_other" ] && [ -r "$_gs_other" ] && [ -s "$_gs_other" ] && ! [ -h "$_gs_other" ] &&
          [ -O "$_gs_dir" ] && [ -O "$_gs_other" ]; } 2>/dev/null && _gs_classes=-XX:SharedArchiveFile=$_gs_other
        ;;
    esac
    ;;
esac

# ---- Go ---------------------------------------------------------------------------------------------------------------

# IgnoreUnrecognizedVMOptions, PrintWarnings, Xlog   no JVM ever prints a word of its own; a warning would go to stdout
# UseSerialGC, TieredStopAtLevel=1                   quickest start, fewest threads
# Xms, Xmx, Xss                                      64 MiB hold 50,000 queued jobs; the cap saves an idle watcher 20 MiB
# UsePerfData                                        no file in /tmp for each start
# MaxFDLimit                                         leave the limit on open files as it is: jobs inherit it
# SharedArchiveFile, ArchiveClassesAtExit            use the archive of classes, or make it (see above)
# ExitOnOutOfMemoryError                             a watcher that ends is restarted, one that limps is not
exec "$_gs_java" \
  -XX:+IgnoreUnrecognizedVMOptions -XX:-PrintWarnings -Xlog:disable \
  -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms4m -Xmn10m -Xmx64m -Xss512k -Xshare:auto ${_gs_classes:+"$_gs_classes"} \
  -XX:-UsePerfData -XX:-MaxFDLimit -XX:+ExitOnOutOfMemoryError \
  "-Dgpuspool.launcher=$_gs_self" ${_gs_columns:+"-Dgpuspool.columns=$_gs_columns"} -jar "$_gs_self" "$@"
exit 69 # not reached; a jar begins on the next line
