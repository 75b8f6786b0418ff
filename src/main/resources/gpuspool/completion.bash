# Completion of gpuspool for bash, as `gpuspool completion bash` prints it.
#
# Names of jobs are read off the spool's directories by globs. They may hold anything: none is ever evaluated, and each is quoted
# before it comes into a line.

# VERB: sets options, and operand to the kind of its other words.
_gpuspool_takes() {
  case $1 in
@VERBS@
    *) return 1 ;;
  esac
}

# VERB OPTION: sets kind to that of the word behind it; fails where none has to be there.
_gpuspool_wants() {
  case $1/$2 in
@VALUES@
    *) return 1 ;;
  esac
}

# VERB OPTION: sets kind to that of what may stand behind its =.
_gpuspool_may_have() {
  case $1/$2 in
@MAYBE@
    *) _gpuspool_wants "$1" "$2" ;;
  esac
}

# VERB OPTION: sets kind to that of the other words where OPTION is given.
_gpuspool_turns() {
  case $1/$2 in
@TURNS@
    *) return 1 ;;
  esac
}

# WORD: sets plain to it without its quotes.
_gpuspool_unquote() {
  local rest=$1
  plain=
  case $rest in
    \'*) plain=${rest#\'} rest= ;;
    \"*) rest=${rest#\"} ;;
  esac
  while [[ $rest == *\\* ]]; do
    plain+=${rest%%\\*}
    rest=${rest#*\\}
    plain+=${rest:0:1}
    rest=${rest:1}
  done
  plain+=$rest
}

# Sets spool: as --spool in the line says, else the environment, else ./spool.
_gpuspool_find() {
  local i plain
  spool=${GPUSPOOL_SPOOL:-spool}
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == --spool ]] || continue
    [[ ${COMP_WORDS[i + 1]} == '=' ]] && ((i++))
    ((i + 1 < COMP_CWORD)) || continue
    _gpuspool_unquote "${COMP_WORDS[i + 1]%[\'\"]}"
    spool=$plain
    case $spool in
      \~ | \~/*) spool=$HOME${spool#\~} ;;
    esac
    if [[ $spool =~ ^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?(/.*)?$ ]]; then
      spool=${!BASH_REMATCH[1]}${BASH_REMATCH[2]}
    fi
  done
}

# PLACE...: adds to names the jobs there that begin with $plain.
_gpuspool_jobs() {
  local place path name stem spool restore
  _gpuspool_find
  restore=$(shopt -p nullglob failglob dotglob nocaseglob)
  shopt -s nullglob
  shopt -u failglob dotglob nocaseglob
  for place; do
    for path in "$spool/$place/$plain"*; do
      name=${path##*/}
      case $place in
        incoming | held)
          [[ $name == *.job || $name == *.toml ]] || continue
          stem=${name%.*}
          if [[ -n $stem && ${#stem} -le 64 && $stem != *[!A-Za-z0-9._-]* && $stem == "$plain"* ]]; then
            name=$stem
          fi
          ;;
        *)
          stem=${name%.*}
          [[ $name != *[!A-Za-z0-9._-]* && ${stem##*.} == [1-9]* && ${stem##*.} != *[!0-9]* ]] || continue
          [[ $stem == "$plain"* ]] && name=$stem
          ;;
      esac
      [[ $name == -* ]] || names+=("$name")
    done
  done
  eval "$restore"
}

_gpuspool() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]} option= kind= i
  local options= operand= plain= names=() name
  COMPREPLY=()

  if ((COMP_CWORD == 1)) && [[ $cur != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '@NAMES@ help' -- "$cur")
    return
  fi
  # Without a verb it is status.
  [[ $verb == -* ]] && verb=status
  if [[ $verb == help ]]; then
    ((COMP_CWORD == 2)) && mapfile -t COMPREPLY < <(compgen -W '@NAMES@' -- "$cur")
    return
  fi
  _gpuspool_takes "$verb" || return

  # Behind -- stands a command.
  for ((i = 2; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} == -- ]]; then
      if ((i + 1 == COMP_CWORD)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$cur")
      fi
      compopt -o default 2>/dev/null
      return
    fi
    _gpuspool_turns "$verb" "${COMP_WORDS[i]}" && operand=$kind
  done

  # bash takes --color=auto for three words.
  if [[ $cur == '=' && $prev == -* ]]; then
    option=$prev cur=
    _gpuspool_may_have "$verb" "$option" || return
  elif [[ $prev == '=' && ${COMP_WORDS[COMP_CWORD - 2]} == -* ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
    _gpuspool_may_have "$verb" "$option" || return
  elif [[ $prev == -* ]] && ((COMP_CWORD > 1)) && _gpuspool_wants "$verb" "$prev"; then
    option=$prev
  elif [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    return
  else
    kind=$operand
  fi

  _gpuspool_unquote "$cur"
  case $kind in
    file) compopt -o default 2>/dev/null && return ;;
    dir) compopt -o dirnames 2>/dev/null && return ;;
    words\ *)
      mapfile -t COMPREPLY < <(compgen -W "${kind#words }" -- "$plain")
      [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
      ;;
    jobs\ *)
      # Unquoted on purpose: the kind names the places.
      _gpuspool_jobs ${kind#jobs }
      case $cur in
        [\'\"]*)
          # The line editor itself quotes what is to stand between quotes.
          COMPREPLY=("${names[@]}")
          compopt -o filenames 2>/dev/null
          ;;
        *)
          for name in "${names[@]}"; do
            printf -v name %q "$name"
            # At these two bash would begin a new word.
            if [[ $name != \$* ]]; then
              name=${name//:/\\:}
              name=${name//=/\\=}
            fi
            COMPREPLY+=("$name")
          done
          ;;
      esac
      ;;
  esac
}

complete -F _gpuspool gpuspool
