package gpuspool.cli;

import gpuspool.config.SettingKey;
import gpuspool.job.JobKey;
import java.util.Iterator;
import java.util.stream.Stream;

/** Words that completion offers; those of an option without a value are what the verb's other words are when it is given. */
final class Candidates {
    private Candidates() {}

    /** Keys of job files. */
    static final class Keys implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return JobKey.forPeople().stream().map(JobKey::key).iterator();
        }
    }

    /** Keys of settings, ready for their values. */
    static final class Settings implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(SettingKey.values())
                    .map(setting -> setting.key() + "=")
                    .iterator();
        }
    }

    /** Verbs. */
    static final class Verbs implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of(VerbTable.values()).map(entry -> entry.verb).iterator();
        }
    }
}
