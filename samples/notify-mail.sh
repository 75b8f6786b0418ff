#!/bin/sh
# Mails how a job ended. For all jobs: install -D samples/notify-mail.sh ~/.config/gpuspool/notify
# For one: #GPUSPOOL notify=/home/me/project/samples/notify-mail.sh       It needs mail(1), such as bsd-mailx's.
to=${NOTIFY_TO:-$(id -un)}

# For failures alone: [ "$GPUSPOOL_EXIT" = 0 ] && exit 0

{
  echo "$GPUSPOOL_ID: $GPUSPOOL_ENDING ${GPUSPOOL_EXIT:+with $GPUSPOOL_EXIT }after ${GPUSPOOL_ELAPSED:-0} s on GPU ${GPUSPOOL_GPUS:-none}"
  echo "$GPUSPOOL_DIR"
  echo
  # What a job printed is not to be trusted: no control characters, and no ~ at the beginning of a line, which mail may obey.
  printf '%s' "$GPUSPOOL_LOG_TAIL" | LC_ALL=C tr -d '\000-\010\013-\037\177' | sed 's/^/  /'
} | mail -s "gpuspool: $GPUSPOOL_JOB $GPUSPOOL_ENDING ${GPUSPOOL_EXIT}" "$to"
