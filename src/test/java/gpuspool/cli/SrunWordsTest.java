package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SrunWordsTest {
    private final SrunWords words = new SrunWords(
            CommandLines.commandLine(VerbTable.RUN, VerbTable.RUN.make(Invocation.ofProcess()), Invocation.ofProcess())
                    .getCommandSpec());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--gres=gpu:2 python x.py                  | --gpus 2                    | python x.py",
                "--gres=gpu:a100:2 -- bash -i              | --gpus 2 --gpu-type a100    | bash -i",
                "-G 1 --pty bash                           | --gpus 1                    | bash",
                "-n 2 python train.py --lr 3 -n 4          | -n 2                        | python train.py --lr 3 -n 4",
                "-n2 --name x true                         | -n2 --name x                | true",
                "-J exp -t 30 --mem 8G -p gpu -N 1 sh      | --name exp --time 1800s     | sh",
                "--time=1:00:00 sh                         | --time 3600s                | sh",
                "-t 1-2 sh                                 | --time 93600s               | sh",
                "--time 90m sh                             | --time 90m                  | sh",
                "--no-wait --timeout 5s sh                 | --no-wait --timeout 5s      | sh",
                "--bogus sh                                | --bogus                     | sh",
            })
    void optionsOfSrun_becomeOurs(String line, String options, String command) {
        assertEquals(options, String.join(" ", words.translated(List.of(line.split(" ")))));
        assertEquals(command, String.join(" ", words.command()));
    }

    @Test
    void whatHasNoEffect_isNamed() {
        words.translated(List.of("--pty", "-c", "4", "--mem=8G", "bash", "--mem=1"));
        assertEquals("[--mem, --pty, -c]", words.ignored().toString());
    }

    @Test
    void severalTasks_areRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> words.translated(List.of("--ntasks=4", "true")))
                .getMessage();
        assertTrue(message.contains("--ntasks 4"), message);
    }
}
