#!/bin/sh
# Tells a webhook of Slack or Mattermost how a job ended. For all jobs:
#   install -D samples/notify-webhook.sh ~/.config/gpuspool/notify
#   echo 'url = "https://hooks.slack.com/services/…"' > ~/.config/gpuspool/webhook; chmod 600 ~/.config/gpuspool/webhook
# The address is a secret: in a file of curl's it shows neither here nor in ps. Discord wants "content" for "text".

# What a job printed is not to be trusted: no control characters, nothing that would call people (<!channel>, @all) or end the
# box that it stands in, and all that JSON asks for.
text() {
  LC_ALL=C tr -d '\000-\010\013-\037\177' | tr '\t`' " '" | tail -n 15 |
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/\\/\\\\/g; s/"/\\"/g' | awk '{ printf "%s\\n", $0 }'
}

summary="$GPUSPOOL_JOB: $GPUSPOOL_ENDING $GPUSPOOL_EXIT after ${GPUSPOOL_ELAPSED:-0} s"
printf '{"text": "%s\\n```\\n%s```"}' "$summary" "$(printf '%s' "$GPUSPOOL_LOG_TAIL" | text)" |
  curl --config "${HOME:?}/.config/gpuspool/webhook" --silent --show-error --fail --max-time 30 --output /dev/null \
    --header 'Content-Type: application/json' --data-binary @-
