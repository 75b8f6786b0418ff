package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobKey;
import gpuspool.job.KeyText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpuspool check --explain}: the table of keys. */
class ExplainTest {
    @TempDir
    private Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    @Test
    void oneKey_isToldWhole() throws IOException {
        assertEquals(new CliSpool.Result(0, """
                time
                  The job is stopped when it has run this long.
                  value    a duration above zero, such as 90m or 4h
                  default  no limit
                  TOML     time = "4h"
                  script   #GPUSPOOL time=4h
                  option   gpuspool add --time 4h
                """, ""), spool.run("check", "--explain", "time"));
    }

    @Test
    void severalKeys_areToldInTheOrderNamed() throws IOException {
        assertEquals("""
                gpus
                  How many GPUs the job gets to itself; with 0 it sees none.
                  value    an integer, 0 to 1024
                  default  1
                  TOML     gpus = 2
                  script   #GPUSPOOL gpus=2
                  option   gpuspool add --gpus 2 (or -n, -G)

                command
                  What to run; the only key a TOML job file must have.
                  value    a string for the shell, or an array of strings to run without one
                  default  none
                  TOML     command = "python train.py"
                  script   the script is the command
                  option   gpuspool add -- python train.py
                """, spool.run("check", "--explain", "gpus", "command").out());
        assertEquals(
                spool.run("check", "--explain", "gpu_type").out(),
                spool.run("check", "--explain", "gpu-type").out());
    }

    @Test
    void withoutAKey_allAreTold() throws IOException {
        CliSpool.Result all = spool.run("check", "--explain");
        List<String> told = all.out()
                .lines()
                .filter(line -> !line.startsWith(" ") && !line.isEmpty())
                .toList();
        assertEquals(JobKey.forPeople().stream().map(JobKey::key).toList(), told);
        for (JobKey key : JobKey.forPeople()) {
            for (String part : List.of(key.doc(), key.allowed(), key.byDefault(), KeyText.exampleInToml(key))) {
                assertTrue(all.out().contains(part), part);
            }
        }
    }

    @Test
    void json_hasAnObjectForEachKey() throws IOException {
        assertEquals(
                "[{\"key\":\"env\",\"type\":\"table of strings\",\"doc\":\"Environment variables to set; in a #GPUSPOOL line,"
                        + " env.NAME=value.\",\"allowed\":\"a table of strings, such as NAME = \\\"value\\\"\",\"default\":\"\","
                        + "\"toml\":\"env.LR = \\\"0.01\\\"\",\"script\":\"#GPUSPOOL env.LR=0.01\","
                        + "\"option\":\"gpuspool add --env LR=0.01\"}]\n",
                spool.run("check", "--explain", "env", "--json").out());
    }
}
