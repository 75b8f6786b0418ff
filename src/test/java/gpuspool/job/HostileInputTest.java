package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is dropped is answered, soon, and without an exception. */
class HostileInputTest {

    private static final String GOOD = """
        # an experiment
        command = \"""
        #!/bin/bash -e
        python train.py --name "é 😀"
        \"""
        gpus = 2
        time = "1h30m"
        cwd = '/data/exp 1'
        env = { A = "1", B.C = [1, 2.5, { x = true }] }
        [[sweep]]
        lr = [0.1, 1979-05-27]
        """;

    private static final String[] PIECES = {
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "[",
        "]",
        "[[",
        "{",
        "}",
        "=",
        ".",
        ",",
        "#",
        "\n",
        "\r\n",
        "\\",
        "\\u0000",
        "\0",
        "gpus = 1\n",
        "command = 'x'\n",
        "[env]\n",
        "1979-05-27 07:32:00",
        "#GPUSPOOL gpus=",
        "#!",
        "\uFEFF",
        "é",
        "😀"
    };

    @Test
    void randomBytes_areAnswered() {
        Random random = new Random(1);
        for (int i = 0; i < 4_000; i++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            read(bytes);
        }
    }

    @Test
    void randomPieces_areAnswered() {
        Random random = new Random(2);
        for (int i = 0; i < 8_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int pieces = random.nextInt(20); pieces > 0; pieces--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            read(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void mutationsOfAGoodFile_areAnswered() {
        Random random = new Random(3);
        for (int i = 0; i < 8_000; i++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int mutations = 1 + random.nextInt(4); mutations > 0; mutations--) {
                int from = random.nextInt(text.length());
                int to = Math.min(text.length(), from + random.nextInt(6));
                text.replace(from, to, PIECES[random.nextInt(PIECES.length)]);
            }
            read(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void hugeAndDeep_areAnsweredSoon() {
        String good = "command = 'x'\n";
        for (String text : new String[] {
            "x = " + "[".repeat(500_000),
            "x = " + "{a=".repeat(200_000),
            "a.".repeat(400_000) + "b = 1\n",
            "[" + "a.".repeat(400_000) + "b]\n",
            good + good + "x = " + "[".repeat(500_000),
            "x = " + "9".repeat(500_000),
            good + "time = '" + "9".repeat(500_000) + "h'\n",
            good + "x = {" + "a = {b = {c = [".repeat(100) + "\n",
            good + "time = '" + "1h".repeat(250_000) + "'\n",
            good + "shell = '" + "1 ".repeat(250_000) + "'\n",
            "command = [" + "1,".repeat(300_000) + "]\n",
            "\"" + "k".repeat(500_000) + "\" = 1\n",
            "# GPUSPOOL a=\n".repeat(40_000),
            "#GPUSPOOL " + "😀=b ".repeat(100_000) + "\n",
            "\"\\".repeat(200_000),
        }) {
            assertTimeout(Duration.ofSeconds(20), () -> read(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void unmutatedExample_isReadToItsEnd() {
        assertInstanceOf(JobFile.Invalid.class, JobFiles.read("a.toml", GOOD));
        JobFiles.valid("a.toml", GOOD.replaceAll("(?s)\\[\\[sweep.*|, B.C.*?]", ""));
    }

    private static void read(byte[] bytes) {
        assertNotNull(JobReader.read("a.toml", bytes, JobFiles.DEFAULTS));
        assertNotNull(JobReader.read("a.job", bytes, JobFiles.DEFAULTS));
    }
}
