package gpuspool.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.job.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class JobLogLineTest {
    private static String line(Ending ending, OptionalInt code) {
        Result result = new Result(ending, code, Optional.of(Duration.ofMillis(9)));
        return JobLogLine.write(new Task(2, "echo hi\necho", false), Instant.ofEpochMilli(1795199397569L), result, 3);
    }

    /** The times and words are those that GNU parallel 20221122 wrote. */
    @Test
    void lines_areThoseOfGnuParallel() {
        String begin = "2\t:\t1795199397.569\t     0.009\t0\t3\t";
        String end = "\techo hi\0echo\n";
        assertEquals(begin + "0\t0" + end, line(new Ending.Exited(0), OptionalInt.of(0)));
        assertEquals(begin + "7\t0" + end, line(new Ending.Exited(7), OptionalInt.of(7)));
        assertEquals(begin + "0\t9" + end, line(new Ending.Exited(137), OptionalInt.of(137)));
        assertEquals(begin + "255\t0" + end, line(new Ending.Exited(255), OptionalInt.of(255)));
        assertEquals(begin + "-1\t15" + end, line(new Ending.TimedOut(), OptionalInt.of(143)));
        assertEquals(begin + "-1\t0" + end, line(new Ending.Refused(), OptionalInt.empty()));
    }

    @Test
    void lines_areReadAgain() {
        assertEquals(
                Optional.of(new JobLogLine(2, false)),
                JobLogLine.parse(
                        line(new Ending.Exited(137), OptionalInt.of(137)).stripTrailing()));
        assertEquals(
                Optional.of(new JobLogLine(1, true)),
                JobLogLine.parse("1\t:\t1795199675.558\t     0.003\t0\t4\t0\t0\techo r 0;\texit 0"));
        assertEquals(Optional.empty(), JobLogLine.parse(JobLogLine.HEADER.strip()));
        assertEquals(Optional.empty(), JobLogLine.parse("1\t:\t179"));
    }
}
