package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What headers of scripts that people have for Slurm mean here. */
class SbatchJobTest {

    @ParameterizedTest
    @MethodSource("headers")
    void header_meansTheSameHere(String header, String meaning) {
        JobSpec spec = JobFiles.valid("a.job", header + "\npython train.py\n");
        assertEquals(meaning, describe(spec));
        assertEquals("python train.py", spec.command());
    }

    /** Headers without {@code #SBATCH} in front of each line → what is asked for, ignored and told. */
    static Stream<Arguments> headers() {
        return Stream.of(
                // How many GPUs, and which.
                row("--gres=gpu:2", "2 GPUs"),
                row("--gres=gpu", "1 GPUs"),
                row("--gres=gpu:1\n--gres=gpu:4", "4 GPUs"),
                row("--gres=gpu:a100:2", "2 GPUs a100"),
                row("--gres=gpu:A100_80GB", "1 GPUs A100 80GB"),
                row("--gres=gpu:rtx3090:1", "1 GPUs rtx 3090"),
                row("--gres gpu:rtx_2080ti:3", "3 GPUs rtx 2080 ti"),
                row("--gres=gpu:nvidia_a100-sxm4-40gb:1", "1 GPUs nvidia a100-sxm4-40gb"),
                row("--gres=gpu:1g.5gb:1", "1 GPUs 1g.5gb"),
                row("--gres=gpu:titanrtx:1", "1 GPUs titan rtx"),
                row("--gres=gres/gpu:v100:4", "4 GPUs v100"),
                row("--gres=none", "0 GPUs"),
                row("--gres=gpu:0", "0 GPUs"),
                row("--gres=tmpspace:10G,gpu:2", "2 GPUs, ignored --gres=tmpspace"),
                row("--gpus=2", "2 GPUs"),
                row("-G1", "1 GPUs"),
                row("-G a100:2", "2 GPUs a100"),
                row("--gpus-per-node=v100:4 -N 1", "4 GPUs v100"),
                row("--nodes=1\n--ntasks=4\n--gpus-per-task=1", "4 GPUs, SLURM_NTASKS=4 SLURM_NPROCS=4"),
                row(
                        "--ntasks-per-node=2 --gpus-per-task=a100:1",
                        "2 GPUs a100, SLURM_NTASKS_PER_NODE=2 SLURM_NTASKS=2 SLURM_NPROCS=2"),
                row("--gpus-per-task=1", "1 GPUs"),
                row("--gpus=8 --gpus-per-task=2", "8 GPUs"),
                row("-n 4 --ntasks-per-gpu=2", "2 GPUs, SLURM_NTASKS=4 SLURM_NPROCS=4"),
                row(
                        "-n 4 --tres-per-task=cpu:2,gres/gpu:1",
                        "4 GPUs, ignored --tres-per-task=cpu, SLURM_NTASKS=4 SLURM_NPROCS=4"),
                row("--gres=gpu:4 --gpus-per-node=4", "4 GPUs"),
                row("-n8", "1 GPUs, SLURM_NTASKS=8 SLURM_NPROCS=8"),
                row("-C a100 --gres=gpu:1", "1 GPUs a100"),
                row("--constraint=\"a100|h100\" -G1", "1 GPUs, ignored --constraint"),
                row("--constraint=haswell", "1 GPUs, ignored --constraint"),
                row("--constraint=a100 --gres=none", "0 GPUs"),
                row("-C v100 --gres=gpu:a100:1", "1 GPUs a100"),
                row("--partition=gpu", "1 GPUs, ignored --partition, SLURM_JOB_PARTITION=gpu"),
                // Time.
                row("--time=90", "1 GPUs 1h30m"),
                row("-t 0:30", "1 GPUs 30s"),
                row("--time=1:30:00", "1 GPUs 1h30m"),
                row("--time=01:30:15", "1 GPUs 1h30m15s"),
                row("--time=2-12", "1 GPUs 2d12h"),
                row("--time=2-12:30", "1 GPUs 2d12h30m"),
                row("-t2-12:30:10", "1 GPUs 2d12h30m10s"),
                row("--time=7-00:00:00", "1 GPUs 7d"),
                row("--time=48:00:00", "1 GPUs 2d"),
                row("--time=0", "1 GPUs"),
                row("--time=UNLIMITED", "1 GPUs"),
                // Where it runs and what it is called.
                row("--chdir=/data/my\\ exp", "1 GPUs in /data/my exp"),
                row("-D \"/data/my exp\"", "1 GPUs in /data/my exp"),
                row("--workdir=/data", "1 GPUs in /data"),
                row("-J bert-large", "1 GPUs called bert-large"),
                row("--job-name='two words'  # a comment", "1 GPUs called two words"),
                row("--export=ALL,WANDB_MODE=offline,A=b=c", "1 GPUs with {WANDB_MODE=offline, A=b=c}"),
                row("--export=NONE", "1 GPUs, ignored --export"),
                // How lines are written.
                row("-N1 -n 1 --gres=gpu:1 -t 60", "1 GPUs 1h, SLURM_NTASKS=1 SLURM_NPROCS=1"),
                row("--gres=gpu:3 # --gres=gpu:4", "3 GPUs"),
                row("--job=x --gpus-per-n=2 --part=a", "2 GPUs called x, ignored --partition, SLURM_JOB_PARTITION=a"),
                row("-Qvs", "1 GPUs, ignored --quiet --verbose --oversubscribe"),
                row("-vG2", "2 GPUs, ignored --verbose"),
                row("--comment=\"a -G 4 # b\" -G2", "2 GPUs, ignored --comment"),
                row("--nodes=1-4 --exclusive", "1 GPUs, ignored --exclusive"),
                row("--x11 --tmpfs 20G --gpus=2", "2 GPUs, ignored --x11 --tmpfs"),
                row("", "1 GPUs"),
                row("--input=/dev/null", "1 GPUs"),
                // Whole headers.
                row(
                        """
                        --job-name=mnist
                        --account=vision
                        --partition=gpu
                        --nodes=1
                        --ntasks=1
                        --cpus-per-task=8
                        --mem=32G
                        --gres=gpu:1
                        --time=04:00:00
                        --mail-type=END,FAIL
                        --mail-user=ada@example.org""",
                        "1 GPUs 4h called mnist, ignored --account --partition --cpus-per-task --mem --mail-type"
                                + " --mail-user, SLURM_JOB_ACCOUNT=vision SLURM_JOB_PARTITION=gpu SLURM_NTASKS=1"
                                + " SLURM_NPROCS=1 SLURM_CPUS_PER_TASK=8"),
                row(
                        "-p gpu -A lab --qos=high --gpus-per-node=a100:4 --ntasks-per-node=4 -c 12 -t 1-0 --exclude=n1",
                        "4 GPUs a100 1d, ignored --partition --account --qos --cpus-per-task --exclude,"
                                + " SLURM_JOB_PARTITION=gpu SLURM_JOB_ACCOUNT=lab SLURM_JOB_QOS=high"
                                + " SLURM_NTASKS_PER_NODE=4 SLURM_NTASKS=4 SLURM_NPROCS=4 SLURM_CPUS_PER_TASK=12"));
    }

    private static Arguments row(String options, String meaning) {
        String lines = Stream.of(options.split("\n"))
                .map(line -> "#SBATCH " + line)
                .reduce("#!/bin/bash", (all, line) -> all + "\n" + line);
        return Arguments.of(lines, meaning);
    }

    private static String describe(JobSpec spec) {
        Slurm slurm = spec.slurm().orElseThrow();
        StringBuilder text = new StringBuilder(spec.gpus() + " GPUs");
        spec.cards().type().ifPresent(type -> text.append(' ').append(type));
        spec.time().ifPresent(time -> text.append(' ').append(Durations.write(time)));
        spec.cwd().ifPresent(cwd -> text.append(" in ").append(cwd));
        slurm.name().ifPresent(name -> text.append(" called ").append(name));
        text.append(spec.env().isEmpty() ? "" : " with " + spec.env());
        List<String> told = new ArrayList<>();
        slurm.variables().forEach((name, value) -> told.add(name + "=" + value));
        text.append(slurm.ignored().isEmpty() ? "" : ", ignored " + String.join(" ", slurm.ignored()));
        return text.append(told.isEmpty() ? "" : ", " + String.join(" ", told)).toString();
    }

    @Test
    void gpuspoolLines_winWhereBothSaySomething() {
        JobSpec spec = JobFiles.valid("a.job", """
                #SBATCH --gres=gpu:a100:4 --time=5 --chdir=relative --export=A=1,B=2
                #SBATCH --gpus=3
                #GPUSPOOL gpus=1 time=2h cwd=/data env.A=own
                ls
                """);
        assertEquals("1 GPUs a100 2h in /data with {A=own, B=2}", describe(spec));
    }

    @Test
    void linesThatSbatchDoesNotRead_areComments() {
        JobSpec spec = JobFiles.valid(
                "a.job",
                "##SBATCH --gpus=2\n# SBATCH --gpus=3\n #SBATCH -G4\n#SBATCHES\n#sbatch -G6\nls\n#SBATCH -G5\n");
        assertEquals(1, spec.gpus());
        assertEquals(Optional.empty(), spec.slurm());
    }

    @Test
    void linesWrittenOnWindows_areReadIfTheScriptRuns() {
        assertEquals(2, JobFiles.valid("a.job", "#SBATCH --gpus=2\r\n\nls\n").gpus());
    }

    /** Keys that may not be in force: then what a job can do without is ignored, and all else refused. */
    @Test
    void optionsOfOtherKeys_setThemOrAreRefused() {
        Map<String, JobKey> needed = new LinkedHashMap<>();
        needed.put("--dependency=afterok:a:b,afterany:c", JobKey.AFTER);
        needed.put("--begin=22:30", JobKey.BEGIN);
        needed.put("--array=1-3%2", JobKey.SWEEP);
        needed.put("--nodelist=box[1-2],other.example.org", JobKey.HOSTS);
        needed.forEach((option, key) -> {
            JobFile file = JobFiles.read("a.job", "#SBATCH " + option + "\nls\n");
            List<String> messages = JobFiles.messages("a.job", file);
            assertEquals(List.of(), messages, key::key);
        });
    }

    @Test
    void optionsThatAJobCanDoWithout_setTheirKeysOrAreIgnored() {
        JobSpec spec = JobFiles.valid(
                "a.job", "#SBATCH --signal=B:USR1@90 --requeue --priority=7 -o out-%x.log -e /tmp/e.log -J a/b%\nls\n");
        assertEquals(List.of(), spec.slurm().orElseThrow().ignored());
        assertEquals(
                "EarlySignal[number=10, before=PT1M30S]",
                spec.runs().signal().orElseThrow().toString());
        assertEquals(Runs.OnInterrupt.REQUEUE, spec.runs().onInterrupt());
        assertEquals(7, spec.turn().priority());
        assertEquals(Optional.of("./out-a_b%%.log"), spec.telling().stdout());
        assertEquals(Optional.of("/tmp/e.log"), spec.telling().stderr());
    }

    @Test
    void pluginsWithoutEnd_areFewLinesAndSafeToShow() {
        StringBuilder text = new StringBuilder("#SBATCH --\u001b[31m" + "x".repeat(100) + "\n");
        for (int i = 0; i < 500; i++) {
            text.append("#SBATCH --plugin-").append(i).append("=1\n");
        }
        List<String> ignored =
                JobFiles.valid("a.job", text + "ls\n").slurm().orElseThrow().ignored();
        assertEquals(101, ignored.size());
        assertEquals("--\\x1b[31m" + "x".repeat(49) + "…", ignored.get(0));
        assertEquals("…", ignored.get(100));
    }
}
