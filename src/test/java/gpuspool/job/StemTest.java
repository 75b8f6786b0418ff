package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StemTest {

    @ParameterizedTest
    @CsvSource({
        "exp1.job, exp1",
        "exp1.toml, exp1",
        "exp.1.toml.job, exp.1.toml",
        "my exp.job, my_exp",
        "é.job, __",
        "a/b;c$d.job, a_b_c_d",
        ".job, job",
        "..job, job.",
        "-rf.job, job-rf",
        "exp1, exp1",
        "exp1.JOB, exp1.JOB"
    })
    void fileName_givesStem(String name, String stem) {
        assertEquals(stem, Stem.of(name.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void longName_isCutTo64Bytes() {
        assertEquals("x".repeat(64), Stem.of(("x".repeat(200) + ".job").getBytes(StandardCharsets.UTF_8)));
        assertEquals("job-" + "x".repeat(60), Stem.of(("-" + "x".repeat(200)).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void anyBytes_giveAStemThatAnIdAccepts() {
        Random random = new Random(4);
        for (int i = 0; i < 10_000; i++) {
            byte[] name = new byte[random.nextInt(100)];
            random.nextBytes(name);
            assertTrue(JobId.parse(new JobId(Stem.of(name), 1, "h").toString()).isPresent());
        }
    }
}
