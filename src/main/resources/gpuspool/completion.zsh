#compdef gpuspool
# Completion of gpuspool for zsh, as `gpuspool completion zsh` prints it.
#
# Names of jobs are read off the spool's directories by globs. They may hold anything: none is ever evaluated, and zsh quotes each
# before it comes into a line.

# VERB: sets options, each with what it is for, and operand to the kind of its other words.
_gpuspool_takes() {
  case $1 in
@VERBS@
    (*) return 1 ;;
  esac
}

# VERB OPTION: sets kind to that of the word behind it; fails where none has to be there.
_gpuspool_wants() {
  case $1/$2 in
@VALUES@
    (*) return 1 ;;
  esac
}

# VERB OPTION: sets kind to that of what may stand behind its =.
_gpuspool_may_have() {
  case $1/$2 in
@MAYBE@
    (*) _gpuspool_wants $1 $2 ;;
  esac
}

# VERB OPTION: sets kind to that of the other words where OPTION is given.
_gpuspool_turns() {
  case $1/$2 in
@TURNS@
    (*) return 1 ;;
  esac
}

# PLACE...: adds to names the jobs there.
_gpuspool_jobs() {
  emulate -L zsh
  setopt null_glob
  local place entry name stem spool=${GPUSPOOL_SPOOL:-spool}
  local -i i
  for ((i = 2; i < CURRENT; i++)); do
    case $words[i] in
      (--spool) ((i + 1 < CURRENT)) && spool=${(Q)words[i+1]} ;;
      (--spool=*) spool=${(Q)words[i]#--spool=} ;;
    esac
  done
  case $spool in
    (\~|\~/*) spool=$HOME${spool#\~} ;;
  esac
  for place; do
    for entry in $spool/$place/*; do
      name=${entry##*/}
      stem=${name%.*}
      case $place in
        (incoming|held)
          [[ $name == *.(job|toml) ]] || continue
          [[ -n $stem && ${#stem} -le 64 && $stem != *[^A-Za-z0-9._-]* ]] && name=$stem
          ;;
        (*)
          [[ $name != *[^A-Za-z0-9._-]* && ${stem##*.} == [1-9]* && ${stem##*.} != *[^0-9]* ]] || continue
          name=$stem
          ;;
      esac
      [[ $name == -* ]] || names+=("$name")
    done
  done
}

_gpuspool() {
  emulate -L zsh
  local verb=$words[2] kind= operand=
  local -a options names verbs
  local -i i
  verbs=(
@SUMMARIES@
  )
  if ((CURRENT == 2)) && [[ $PREFIX != -* ]]; then
    _describe -t verbs verb verbs
    return
  fi
  # Without a verb it is status.
  [[ $verb == -* ]] && verb=status
  if [[ $verb == help ]]; then
    ((CURRENT == 3)) && _describe -t verbs verb verbs
    return
  fi
  _gpuspool_takes $verb || return

  # Behind -- stands a command.
  for ((i = 3; i < CURRENT; i++)); do
    if [[ $words[i] == -- ]]; then
      words=("${(@)words[i+1,-1]}")
      ((CURRENT -= i))
      _normal
      return
    fi
    _gpuspool_turns $verb $words[i] && operand=$kind
  done

  if [[ $PREFIX == --*=* ]]; then
    _gpuspool_may_have $verb ${PREFIX%%=*} || return
    compset -P 1 '*='
  elif [[ $words[CURRENT-1] == -* ]] && ((CURRENT > 2)) && _gpuspool_wants $verb $words[CURRENT-1]; then
    :
  elif [[ $PREFIX == -* ]]; then
    _describe -o -t options option options
    return
  else
    kind=$operand
  fi
  case $kind in
    (file) _files ;;
    (dir) _files -/ ;;
    (words\ *)
      names=(${=kind#words })
      if [[ $names[1] == *= ]]; then compadd -S '' -a names; else compadd -a names; fi
      ;;
    (jobs\ *)
      _gpuspool_jobs ${=kind#jobs }
      compadd -a names
      ;;
  esac
}

if [[ $funcstack[1] == _gpuspool ]]; then
  _gpuspool "$@"
elif (( $+functions[compdef] )); then
  compdef _gpuspool gpuspool
fi
