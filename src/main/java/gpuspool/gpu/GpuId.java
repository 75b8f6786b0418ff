package gpuspool.gpu;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One card by its name. Values; two equal ids are the same card. */
public sealed interface GpuId extends Comparable<GpuId> {
    /** The id in the words of {@code status} and of lists: {@code sim:0}, {@code 3}, {@code GPU-5f0c…}. */
    String word();

    /** What a program is told in {@code CUDA_VISIBLE_DEVICES}. */
    String visible();

    /** For people: {@code 0}, {@code 3}, {@code GPU-5f0c2a1b}. */
    String label();

    /** The file whose lock is this card; simulated cards belong to one spool, the others to the host. */
    String lockName(String spoolId);

    /** The file whose lock is the right to have it shared, by jobs of one spool; {@code spool-layout.md}, section 10.7. */
    default String shareLockName(String spoolId) {
        String own = lockName(spoolId);
        return own.substring(0, own.length() - ".lock".length()) + ".share.lock";
    }

    /** A card that exists only for trying things out. */
    record Simulated(int number) implements GpuId {
        @Override
        public String word() {
            return "sim:" + number;
        }

        @Override
        public String visible() {
            return Integer.toString(number);
        }

        @Override
        public String label() {
            return visible();
        }

        @Override
        public String lockName(String spoolId) {
            return "sim-" + spoolId + "-" + number + ".lock";
        }
    }

    /** A card by its number on this host, taken on trust. */
    record Index(int number) implements GpuId {
        @Override
        public String word() {
            return Integer.toString(number);
        }

        @Override
        public String visible() {
            return word();
        }

        @Override
        public String label() {
            return word();
        }

        @Override
        public String lockName(String spoolId) {
            return "gpu-index-" + number + ".lock";
        }
    }

    /** A card, or a part of one (MIG), by the name its driver gave it. */
    record Uuid(String uuid) implements GpuId {
        private static final int SHORT = 12;

        @Override
        public String word() {
            return uuid;
        }

        @Override
        public String visible() {
            return uuid;
        }

        @Override
        public String label() {
            return uuid.length() > SHORT ? uuid.substring(0, SHORT) : uuid;
        }

        @Override
        public String lockName(String spoolId) {
            // MIG UUIDs of older drivers hold slashes.
            return "gpu-" + uuid.replace('/', '_') + ".lock";
        }
    }

    /** By kind, then number or name: the order in which cards are locked and shown. */
    @Override
    default int compareTo(GpuId other) {
        return sortKey(this).compareTo(sortKey(other));
    }

    private static String sortKey(GpuId id) {
        if (id instanceof Simulated simulated) {
            return String.format("0%09d", simulated.number());
        }
        return id instanceof Index index ? String.format("1%09d", index.number()) : "2" + id.word();
    }

    /** Reads one card's {@link #word}. */
    static Optional<GpuId> parse(String word) {
        if (word.matches("sim:[0-9]{1,4}")) {
            return Optional.of(new Simulated(Integer.parseInt(word.substring("sim:".length()))));
        }
        if (word.matches("[0-9]{1,4}")) {
            return Optional.of(new Index(Integer.parseInt(word)));
        }
        return word.matches("(GPU|MIG)-[0-9a-zA-Z/-]+") ? Optional.of(new Uuid(word)) : Optional.empty();
    }

    /** Several labels for people: {@code 0,1}. */
    static String labels(List<GpuId> cards) {
        return cards.stream().map(GpuId::label).collect(Collectors.joining(","));
    }
}
