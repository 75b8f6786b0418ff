package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message that a {@code #SBATCH} line can earn, word by word. */
class BadSbatchTest {
    private static final String LIMIT = "; write for example 90 (minutes), 1:30:00, 2-12 (days-hours) or 2-12:30:00";
    private static final String ARRAY = "; write for example 0-15, 1,3,7 or 0-100:10%4";
    private static final String BEGIN = "; write for example 22:30, now+2hours or 2026-11-21T08:00";
    private static final String WITHOUT = "; write ##SBATCH for #SBATCH if the job can do without";

    @ParameterizedTest
    @MethodSource("oneMistake")
    void oneMistake_oneMessage(String line, String message) {
        assertEquals(
                List.of("a.job:2:" + message),
                JobFiles.messages("a.job", JobFiles.read("a.job", "#!/bin/sh\n#SBATCH " + line + "\nls\n")));
    }

    /** What follows {@code #SBATCH } → message. */
    static Stream<Arguments> oneMistake() {
        return Stream.of(
                row("gpus=2", "9: \"gpus=2\" is no option of sbatch; write --option=value"),
                row("--time = 10", "16: blanks before =; write --time=value, or without = at all"),
                row("hetjob", "9: \"hetjob\" is no option of sbatch; write --option=value"),
                row("- -G1", "9: \"-\" is no option of sbatch; write --option=value"),
                row("--=3", "9: \"--\" is no option of sbatch; write --option=value"),
                row("--tiem=10", "9: \"--tiem\" is no option of sbatch; did you mean --time?"),
                row(
                        "--gpu=2",
                        "9: \"--gpu\" can mean several options; write --gpus or --gpus-per-node or"
                                + " --gpus-per-task or --gpus-per-socket or --gpu-bind or --gpu-freq"),
                row("-é", "10: \"-é\" is no option of sbatch; write --option=value"),
                row("-vZ3", "11: \"-Z\" is no option of sbatch; write --option=value"),
                row("--gres", "9: --gres has no value; write --gres=value"),
                row("-N", "9: --nodes has no value; write --nodes=value"),
                row("--requeue=yes", "18: --requeue takes no value; remove what is behind it"),
                row("--comment='ü -G2", "19: a quote that does not end; close it"),
                row("--comment=\uFFFD", "9: the #SBATCH line is not UTF-8; save it as UTF-8"),
                row("--comment=" + "x".repeat(10_000), "1: the #SBATCH line is longer than 10000 characters; split it"),
                row("--time=soon", "16: --time is \"soon\"" + LIMIT),
                row("--time=1-2:3:4:5", "16: --time is \"1-2:3:4:5\"" + LIMIT),
                row("--time=4h", "16: --time is \"4h\"" + LIMIT),
                row("-t ''", "12: --time is \"\"" + LIMIT),
                row("--time=9999-0", "16: \"9999d\" is too long; write at most 3650d"),
                row(
                        "--gres=gpu:two:x",
                        "16: --gres is \"gpu:two:x\"; write for example --gres=gpu:2 or --gres=gpu:a100:2"),
                row("--gres=:", "16: --gres is \":\"; write for example --gres=gpu:2 or --gres=gpu:a100:2"),
                row(
                        "--gres=gpu:a100:1,gpu:v100:1",
                        "16: --gres is \"gpu:a100:1,gpu:v100:1\"; ask for GPUs of one type"),
                row(
                        "--gres=shard:1",
                        "16: --gres is \"shard:1\"; a part of a GPU is not had so; write --gres=gpu:1,"
                                + " or #GPUSPOOL gpus=1"),
                row("--gres=gpu:5000", "16: gpus is 5000; write an integer, 0 to 1024"),
                row("--gpus=many", "16: --gpus is \"many\"; write for example 2 or a100:2"),
                row(
                        "-G2 --gres=gpu:4",
                        "13: --gres asks for 4 GPUs, --gpus for 2; keep one of them, or write" + " #GPUSPOOL gpus=N"),
                row(
                        "-G a100:2 --gres=gpu:v100:2",
                        "19: --gres asks for other GPUs than --gpus; keep one of them, or"
                                + " write #GPUSPOOL gpu_type=NAME"),
                row("-n0", "11: --ntasks is \"0\"; write a number above zero"),
                row("--nodes=2", "17: --nodes is \"2\"; write --nodes=1: a job runs on one host"),
                row("-N2-4", "11: --nodes is \"2-4\"; write --nodes=1: a job runs on one host"),
                row("--chdir=data", "17: cwd \"data\" is relative; write an absolute path"),
                row("-D ~/x", "12: cwd \"~/x\": ~ is not expanded here; write an absolute path"),
                row(
                        "--export=A-B=1",
                        "18: \"A-B\" is no name for an environment variable; use letters, digits and _,"
                                + " a digit not first"),
                row("--export=CUDA_VISIBLE_DEVICES=1", "18: CUDA_VISIBLE_DEVICES is set by gpuspool itself; remove it"),
                row(
                        "--input=data.txt",
                        "17: --input is \"data.txt\"; write exec <FILE into the script, before its" + " first command"),
                row("-J ''", "12: --job-name is \"\"; write --job-name=NAME"),
                row("--hold", "9: --hold is not to be had here; drop the file into held/ instead"),
                row("-vH", "11: --hold is not to be had here; drop the file into held/ instead"),
                row("--wrap=ls", "9: --wrap is not to be had here; remove it: the script is the command"),
                row("--container-image=x", "9: --container-image is not to be had here" + WITHOUT),
                row("--uid=0", "9: --uid is not to be had here" + WITHOUT),
                row("--array=", "17: --array is \"\"" + ARRAY),
                row("--array=3-1", "17: --array is \"3-1\"" + ARRAY),
                row("--array=1-9:0", "17: --array is \"1-9:0\"" + ARRAY),
                row("--array=1-9%0", "17: --array is \"1-9%0\"" + ARRAY),
                row("--array=0-999999999", "17: --array is \"0-999999999\"; ask for at most 99999 jobs"),
                row(
                        "--dependency=singleton",
                        "22: --dependency is \"singleton\"; write afterok:NAME, afterany:NAME or"
                                + " after:NAME; others are not to be had"),
                row(
                        "-d afternotok:a",
                        "12: --dependency is \"afternotok:a\"; write afterok:NAME, afterany:NAME or"
                                + " after:NAME; others are not to be had"),
                row(
                        "-d afterok:a?afterok:b",
                        "12: --dependency is \"afterok:a?afterok:b\"; with ? one of several"
                                + " would do, which is not to be had; separate them by commas"),
                row("-d afterok", "12: --dependency is \"afterok\"; write afterok:NAME, NAME being that of a job"),
                row("-d after:a+5", "12: --dependency is \"after:a+5\"; write after:NAME, NAME being that of a job"),
                row("--begin=tomorrow", "17: --begin is \"tomorrow\"" + BEGIN),
                row("--begin=13:00pm", "17: --begin is \"13:00pm\"" + BEGIN),
                row("--signal=@9", "18: --signal is \"@9\"; write for example USR1@300"),
                row("-w box[a-b]", "12: --nodelist is \"box[a-b]\"; write for example gpubox1,gpubox2 or gpubox[1-2]"),
                row("-w box[1-9999]", "12: --nodelist is \"box[1-9999]\"; name at most 1000 hosts"));
    }

    @Test
    void severalMistakes_allAreToldInFileOrder() {
        assertEquals(
                List.of(
                        "a.job:1:16: --time is \"x\"" + LIMIT,
                        "a.job:1:21: --nodes is \"2\"; write --nodes=1: a job runs on one host",
                        "a.job:2:16: gpus is the string \"y\"; write an integer, 0 to 1024",
                        "a.job:3:9: \"oops\" is no option of sbatch; write --option=value"),
                JobFiles.messages(
                        "a.job",
                        JobFiles.read(
                                "a.job", "#SBATCH --time=x -N 2\n#GPUSPOOL gpus=y\n#SBATCH oops --nodes=3\nls\n")));
    }

    private static Arguments row(String line, String message) {
        return Arguments.of(line, message);
    }
}
