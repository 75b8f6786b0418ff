package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file asks for, in words. */
class JobWordsTest {
    private static List<String> asked(String toml) {
        return JobWords.asked(FieldReading.ofToml(toml).spec(), JobFiles.DEFAULTS);
    }

    @Test
    void silentFile_asksForAWholeCard() {
        assertEquals(List.of("1 GPU", "sh"), asked(""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gpus = 0|0 GPUs, sh",
                "devices = '0,GPU-5f'|1 GPU of 0 GPU-5f, sh",
                "gpu_type = 'H200'|1 GPU with \"H200\" in the name, sh",
                "gpu_mem = '20GiB'|1 GPU, 20GiB of each, shared, sh",
                "pin = 'index'|1 GPU, told by number, sh",
                "time = '90m'|1 GPU, sh, at most 1h30m",
                "grace = '2m'|1 GPU, sh, 2m00s from SIGTERM to SIGKILL",
                "cwd = '/data'|1 GPU, sh, in /data",
                "env = { A = '1', B = '2' }|1 GPU, sh, sets A B",
                "output = 'split'|1 GPU, sh, stdout and stderr apart",
                "error = 'logs/x'|1 GPU, sh, stderr to logs/x",
                "priority = -5|1 GPU, sh, priority -5",
                "begin = '2026-11-21'|1 GPU, sh, not before 2026-11-21T00:00",
                "begin = '2026-11-21T08:00Z'|1 GPU, sh, not before 2026-11-21T08:00:00Z",
                "begin = '22:30'|1 GPU, sh, not before 22:30",
                "begin = '2h'|1 GPU, sh, not before 2h00m after it was queued",
                "after = ['a', 'b']|1 GPU, sh, after the success of a and b",
                "after_any = 'a'|1 GPU, sh, after the end of a",
                "hosts = 'a,b'|1 GPU, sh, on a or b",
                "retries = 1|1 GPU, sh, up to 1 more run",
                "retries = 3 ;; retry_on = [1, 'KILL', 'interrupted']|"
                        + "1 GPU, sh, up to 3 more runs on exit code 1 or SIGKILL or interruption",
                "retry_on = 1|1 GPU, sh, no more runs on exit code 1, for retries is 0",
                "on_interrupt = 'requeue'|1 GPU, sh, queued again when interrupted",
                "signal = 'USR1@5m'|1 GPU, sh, SIGUSR1 5m00s before its time is over",
                "notify = ['mail', 'a b']|1 GPU, sh, then mail 'a b'",
            })
    void key_hasItsWords(String toml, String words) {
        assertEquals(words, String.join(", ", asked(toml.replace(" ;; ", "\n"))));
    }
}
