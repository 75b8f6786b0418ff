#!/bin/sh
# What the program takes for granted of a driver, asked of a real one. Needs an NVIDIA GPU that is idle, and `mvn package` before
# (with the tests compiled). Changes nothing on any card; processes of its own take at most 30 % of one card's memory.
#   src/test/sh/real-gpu.sh [DIR]      raw answers go into DIR (default: target/real-gpu), the table of facts to stdout
# Exit statuses: 0 all held or could not be asked, 1 something did not, 2 not built, 3 no GPU here.
cd -- "$(dirname -- "$0")/../../.." || exit
out=${1:-target/real-gpu}
launcher=$PWD/target/gpuspool
say() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$out/facts"; }
lacks() { say "$1" 'could not be asked' "$2"; }

if ! command -v nvidia-smi >/dev/null 2>&1 || ! nvidia-smi -L 2>/dev/null | grep -q '^GPU 0: '; then
  echo "real-gpu.sh: no NVIDIA GPU here (nvidia-smi -L names none)" >&2
  exit 3
fi
[ -x "$launcher" ] && [ -f target/test-classes/gpuspool/gpu/nvml/RealGpu.class ] || {
  echo "real-gpu.sh: no target/gpuspool or target/test-classes here; run mvn -DskipTests package first" >&2
  exit 2
}
java=java
[ -z "${JAVA_HOME:-}" ] || java=$JAVA_HOME/bin/java
probe() { "$java" -cp "target/gpuspool-all.jar:target/test-classes" gpuspool.gpu.nvml.RealGpu "$@"; }
mkdir -p "$out" && : >"$out/facts" || exit
unset CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER
uuid=$(nvidia-smi -L | sed -n 's/^GPU 0: .*(UUID: \(GPU-[^)]*\)).*/\1/p' | head -n 1)

# 1. What is here.
raw() { file=$1; shift; { echo "\$ $*"; "$@"; echo "exit $?"; } >"$out/$file" 2>&1; }
query=index,uuid,name,pci.bus_id,memory.total,memory.used,memory.free,utilization.gpu,temperature.gpu,power.draw,compute_mode
raw smi nvidia-smi
raw smi-L nvidia-smi -L
raw smi-q nvidia-smi -q
raw smi-help-gpu nvidia-smi --help-query-gpu
raw smi-gpus nvidia-smi "--query-gpu=$query,persistence_mode,mig.mode.current,driver_version" --format=csv,noheader,nounits
raw smi-recovery nvidia-smi --query-gpu=gpu_recovery_action --format=csv,noheader
raw smi-apps nvidia-smi --query-compute-apps=gpu_uuid,pid,used_gpu_memory --format=csv,noheader,nounits
raw smi-unknown-field nvidia-smi --query-gpu=no_such_field --format=csv,noheader
raw smi-unknown-card nvidia-smi -i GPU-no-such-one -L
raw machine sh -c 'uname -a; cat /proc/driver/nvidia/version /proc/driver/nvidia/gpus/*/information; ls -l /dev/nvidia*
  ldconfig -p | grep -E "nvidia-ml|libcuda"; grep NSpid /proc/self/status; readlink /proc/self/ns/pid; cat /proc/self/cgroup'
if grep -q 'exit 0' "$out/smi-unknown-field"; then say 'nvidia-smi refuses an unknown field' 'did not' ''; else
  say 'nvidia-smi refuses an unknown field' held "$(tail -n 1 "$out/smi-unknown-field")"; fi
if python3 -c 'import torch' >/dev/null 2>&1; then
  seen=$(CUDA_VISIBLE_DEVICES=$uuid python3 -c 'import torch; print(torch.cuda.device_count())' 2>"$out/torch.err")
  say 'torch sees the card that a UUID names' "$([ "$seen" = 1 ] && echo held || echo 'did not')" "device_count $seen"
else
  lacks 'torch sees the card that a UUID names' 'no torch here'
fi
lacks 'a kernel with a bad address: XID 31 or 13 reported, card not sick' 'no such kernel is run'
probe facts >"$out/nvml" 2>"$out/nvml.err" || say 'NVML answers all questions' 'did not' "see $out/nvml.err"
grep '	' "$out/nvml" >>"$out/facts"
total=$(nvidia-smi -i "$uuid" --query-gpu=memory.total --format=csv,noheader,nounits)
if grep -q "memory=Optional\[Memory\[total=$((total * 1048576))," "$out/nvml"; then
  say 'NVML and nvidia-smi tell the same memory' held "$total MiB"
else
  say 'NVML and nvidia-smi tell the same memory' 'did not' "nvidia-smi: $total MiB; see $out/nvml"
fi

# 2. Processes come, and go in several ways.
probe life "$launcher" "$uuid" >"$out/life" 2>"$out/life.err" || say 'a process is followed' 'did not' "see $out/life.err"
grep '	' "$out/life" >>"$out/facts"

# 3. What CUDA makes of CUDA_VISIBLE_DEVICES: value, least and most cards that it may show.
cards=$(nvidia-smi -L | grep -c '^GPU ')
see() {
  seen=$(CUDA_VISIBLE_DEVICES=$1 probe cuda 2>>"$out/cuda.err")
  count=${seen#* }
  case $seen in '') lacks "CUDA_VISIBLE_DEVICES=\"$1\" shows $2" "see $out/cuda.err" ;; *)
    if [ "$count" -eq "$2" ]; then held=held; else held='did not'; fi
    say "CUDA_VISIBLE_DEVICES=\"$1\" shows $2" "$held" "cuInit ${seen%% *}, $count cards" ;;
  esac
}
for pair in "=0" "-1=0" "NoDevFiles=0" "99=0" "0=1" "$uuid=1" "$(printf %.12s "$uuid")=1" "$uuid,-1=1" "-1,$uuid=0" "$uuid,$uuid=0"; do
  see "${pair%=*}" "${pair##*=}"
done
seen=$(probe cuda 2>>"$out/cuda.err")
if [ "${seen#* }" = "$cards" ]; then say 'without the variable CUDA shows all' held "$seen"; else
  say 'without the variable CUDA shows all' 'did not' "$seen of $cards"; fi

# 4. and 5. A watcher on the card: jobs one after the other, none while a stranger is there, all when it has left.
spool=$out/spool
rm -rf "$spool"
hold() { sleep "$1" | "$launcher" hold-card --percent 10; }
"$launcher" watch --spool "$spool" --devices "$uuid" >"$out/watch" 2>&1 &
watcher=$!
waited=0
until [ -d "$spool/incoming" ] || [ $waited -ge 30 ]; do sleep 1; waited=$((waited + 1)); done
job() { "$launcher" add --spool "$spool" -- sh -c 'date +%s.%N; echo "$CUDA_VISIBLE_DEVICES"; sleep 1 | "$0" hold-card; date +%s.%N' "$launcher" 2>>"$out/add.err"; }
for turn in 1 2; do "$launcher" wait --spool "$spool" --timeout 2m "$(job)" >>"$out/wait-$turn" 2>&1; done
say 'two jobs ran on the card' "$([ "$(ls "$spool/done" | wc -l)" -eq 2 ] && echo held || echo 'did not')" "done: $(ls "$spool/done" | tr '\n' ' ')"
(export CUDA_VISIBLE_DEVICES="$uuid"; hold 15 >"$out/stranger" 2>&1) &
stranger=$!
waited=0
until grep -q '^holding' "$out/stranger" 2>/dev/null || [ $waited -ge 30 ]; do sleep 1; waited=$((waited + 1)); done
third=$(job)
sleep 5
begun=$(($(ls "$spool/running" | wc -l) + $(ls "$spool/done" | wc -l) - 2))
"$launcher" status --spool "$spool" >"$out/status-stranger" 2>&1
say 'no job starts while a stranger is on the card' "$([ "$begun" -eq 0 ] && echo held || echo 'did not')" "begun: $begun; see $out/status-stranger"
wait "$stranger"
"$launcher" wait --spool "$spool" --timeout 2m "$third" >"$out/wait-3" 2>&1
say 'it starts when the stranger has left' "$([ "$(ls "$spool/done" | wc -l)" -eq 3 ] && echo held || echo 'did not')" "done: $(ls "$spool/done" | tr '\n' ' ')"
kill "$watcher"
wait "$watcher"

[ "$cards" -gt 1 ] || lacks 'several cards: order, NVLink, distances' 'one card here'
lacks 'MIG, other compute modes, a lost card, another driver version, MPS' 'would change the machine: stand-ins only'
awk -F '\t' '{ printf "%-75s %-18s %s\n", $1, $2, $3 }' "$out/facts"
! grep -q '	did not	' "$out/facts"
