#!/bin/sh
# run.sh BUILD TARGET SECONDS: libFuzzer on one target. Fails where it finds anything; the input is in BUILD/found then.
build=$1 target=$2 seconds=$3
here=$(dirname "$0")
data=$here/../data/fuzz/$target
mkdir -p "$build/corpus/$target" "$build/found"

set -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1500 -print_final_stats=1 -artifact_prefix="$build/found/$target-"
[ ! -e "$here/$target.dict" ] || set -- "$@" -dict="$here/$target.dict"
[ ! -e "$here/$target.options" ] || set -- "$@" $(cat "$here/$target.options")
set -- "$@" "$build/corpus/$target"
for seeds in "$build/t/fuzz/seeds/$target" "$here/seeds/$target" "$data"; do
	[ ! -d "$seeds" ] || set -- "$@" "$seeds"
done

# GLib's slices would hide what is freed and used again
G_SLICE=always-malloc LC_ALL=C.UTF-8 ASAN_OPTIONS=allocator_may_return_null=1:detect_stack_use_after_return=1 \
	LSAN_OPTIONS="suppressions=$here/lsan.supp:print_suppressions=0" UBSAN_OPTIONS=print_stacktrace=1 \
	"$build/t/fuzz/fuzz_$target" "$@" > "$build/found/$target.log" 2>&1
status=$?
if [ "$status" -ne 0 ]; then
	grep -v '^#[0-9]*.*cov: ' "$build/found/$target.log" | tail -50 >&2
	echo "fuzz $target: stopped with status $status; the input is $build/found/$target-*, the log $build/found/$target.log" >&2
	exit 1
fi
awk -v target="$target" '/^stat::number_of_executed_units/ { runs = $2 } / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
	END { printf "fuzz %-10s clean: %d inputs, %d edges\n", target, runs, cov }' "$build/found/$target.log"
