package gpuspool.job;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads job files as a machine with bash would. */
final class JobFiles {

    static final List<String> BASH = List.of("/bin/bash");
    static final JobDefaults DEFAULTS = new JobDefaults(BASH);

    private JobFiles() {}

    static JobFile read(String fileName, String text) {
        return JobReader.read(fileName, text.getBytes(StandardCharsets.UTF_8), DEFAULTS);
    }

    static JobSpec valid(String fileName, String text) {
        return valid(fileName, text.getBytes(StandardCharsets.UTF_8));
    }

    static JobSpec valid(String fileName, byte[] bytes) {
        JobFile file = JobReader.read(fileName, bytes, DEFAULTS);
        if (file instanceof JobFile.Valid valid) {
            return valid.spec();
        }
        return fail(String.join("\n", messages(fileName, file)));
    }

    /** Messages as a user sees them; none for a valid file. */
    static List<String> messages(String fileName, JobFile file) {
        return file instanceof JobFile.Invalid invalid
                ? invalid.problems().stream()
                        .map(problem -> problem.at(fileName))
                        .toList()
                : List.of();
    }

    static String text(Script script) {
        return new String(script.bytes(), StandardCharsets.UTF_8);
    }
}
