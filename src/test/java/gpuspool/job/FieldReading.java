package gpuspool.job;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Keys read alone, also those that this version does not have yet. */
record FieldReading(Problems problems, JobFields fields) {

    private FieldReading() {
        this(new Problems());
    }

    private FieldReading(Problems problems) {
        this(problems, new JobFields(problems, JobFiles.DEFAULTS));
    }

    static FieldReading ofToml(String toml) {
        FieldReading reading = new FieldReading();
        Toml.read(toml.getBytes(StandardCharsets.UTF_8), reading.problems)
                .ifPresent(root -> root.entries()
                        .forEach(entry -> reading.fields.set(key(entry.name()), entry.at(), entry.value())));
        return reading;
    }

    /** What follows {@code #GPUSPOOL}. */
    static FieldReading ofLine(String line) {
        FieldReading reading = new FieldReading();
        OptionLine.parse(1, "#GPUSPOOL " + line, reading.problems).forEach(option -> {
            JobKey key = key(option.name());
            reading.fields.set(key, option.at(), ScriptJobReader.typed(key, option.value()));
        });
        return reading;
    }

    static JobKey key(String name) {
        return Arrays.stream(JobKey.values())
                .filter(key -> key.key().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** With their places, as a user sees them behind the file's name. */
    List<String> messages() {
        return problems.inFileOrder().stream()
                .map(problem -> problem.at("").substring(1))
                .toList();
    }

    JobSpec spec() {
        if (!problems.isEmpty()) {
            throw new AssertionError(messages());
        }
        return fields.with(new Program(List.of("/bin/sh"), Script.of(new byte[0]), "true"));
    }
}
