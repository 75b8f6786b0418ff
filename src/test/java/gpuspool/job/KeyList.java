package gpuspool.job;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys of a job file, as a message lists them. */
public final class KeyList {
    private KeyList() {}

    public static String text() {
        return "the keys are "
                + Stream.of(JobKey.values())
                        .filter(JobKey::isForPeople)
                        .map(JobKey::key)
                        .collect(Collectors.joining(", "));
    }
}
