#!/usr/bin/env bash
# Three jobs in a chain: chain.sh [SPOOL [NAME]]. The training starts when the preparation has succeeded; if that fails
# it is refused. The report is made however the training ended. Neither the first nor the last needs a GPU.
set -euo pipefail
incoming=${1:-${GPUSPOOL_SPOOL:-spool}}/incoming
name=${2:-$(date +%m%d-%H%M%S)}     # a name of its own for each chain: "after" means the newest job of that name

drop() { # FILE, text from stdin: written under a name that is no job's, so that it is whole when it is seen
  cat > "$incoming/.$1"
  mv -n "$incoming/.$1" "$incoming/$1"
}

drop "$name-prepare.job" <<JOB
#GPUSPOOL gpus=0
python prepare.py
JOB
drop "$name-train.job" <<JOB
#GPUSPOOL after=$name-prepare time=8h
python train.py
JOB
drop "$name-report.job" <<JOB
#GPUSPOOL gpus=0 after_any=$name-train
python report.py
JOB
