#!/bin/sh
# A job every night, by cron (crontab -e; name the script whole, for cron starts in your home with a short PATH):
#   0 22 * * 1-5  /home/me/project/samples/nightly.sh /home/me/project/spool
# While the job of an earlier night is still queued or running no other is added. Without cron: "#GPUSPOOL begin=22:00".
set -eu
spool=${1:-spool}
name=nightly-$(date +%Y-%m-%d)

for earlier in "$spool"/incoming/nightly-* "$spool"/held/nightly-* "$spool"/running/nightly-*; do
  if [ -e "$earlier" ]; then
    echo "no new job tonight: $earlier is still there" >&2     # cron mails it
    exit 0
  fi
done

cat > "$spool/incoming/.$name" <<'JOB'
#GPUSPOOL time=8h priority=-10
python train.py
JOB
mv "$spool/incoming/.$name" "$spool/incoming/$name.job"
