#!/bin/sh
# How quick target/gpuspool is, beside sh, xargs and GNU parallel. Needs `mvn package` before (with the tests compiled).
#   src/test/sh/bench.sh [--dir DIR] [--only TEXT] [--smoke]
# On ext4 without a journal each new file costs up to 1 ms for some seconds after many were deleted: use --dir elsewhere.
cd -- "$(dirname -- "$0")/../../.." || exit
[ -x target/gpuspool ] && [ -d target/test-classes ] || {
  echo "bench.sh: no target/gpuspool or target/test-classes here; run mvn -DskipTests package first" >&2
  exit 1
}
_java=java
[ -z "${JAVA_HOME:-}" ] || _java=$JAVA_HOME/bin/java
export GPUSPOOL_JAVA="${GPUSPOOL_JAVA:-$(readlink -f -- "$(command -v "$_java")")}"
exec "$GPUSPOOL_JAVA" -cp target/test-classes:target/classes gpuspool.bench.Benchmark "$@"
