package gpuspool.gpu.smi;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What nvidia-smi prints of each GPU. Fields that it does not know are left out from then on: one would spoil all. */
final class Cards {
    static final String INDEX = "index";
    static final String UUID = "uuid";
    static final String PCI = "pci.bus_id";
    static final String TOTAL = "memory.total";
    static final String USED = "memory.used";
    static final String FREE = "memory.free";
    static final String UTILISATION = "utilization.gpu";
    static final String TEMPERATURE = "temperature.gpu";
    static final String POWER = "power.draw";
    static final String POWER_LIMIT = "enforced.power.limit";
    static final String MODE = "compute_mode";
    static final String SPLIT = "mig.mode.current";
    static final String RECOVERY = "gpu_recovery_action";
    static final String DRIVER = "driver_version";
    static final String NAME = "name";

    /** The name is last: it may hold commas. */
    private static final List<String> FIELDS = List.of(
            INDEX,
            UUID,
            PCI,
            TOTAL,
            USED,
            FREE,
            UTILISATION,
            TEMPERATURE,
            POWER,
            POWER_LIMIT,
            MODE,
            SPLIT,
            RECOVERY,
            DRIVER,
            NAME);

    /** Without these there is no telling which card a line is about. */
    private static final List<String> NEEDED = List.of(INDEX, UUID, PCI);

    private static final Pattern UNKNOWN_FIELD =
            Pattern.compile("Field \"([^\"]*)\" is not a valid field to query\\..*");
    private static final Pattern NAME_OF_GPU = Pattern.compile("GPU-[0-9a-zA-Z-]{4,80}");

    private final Smi smi;
    private final List<String> fields = new ArrayList<>(FIELDS);

    Cards(Smi smi) {
        this.smi = smi;
    }

    /**
     * What came of one question.
     *
     * @param rows values by field, of each GPU by its PCI address
     * @param troubles what was said of others in place of values, by PCI address
     * @param sound whether that is all there is
     * @param words all of it, for people, in one line
     */
    record Told(Map<String, Map<String, String>> rows, Map<String, String> troubles, boolean sound, String words) {
        boolean isNothing() {
            return rows.isEmpty() && troubles.isEmpty();
        }
    }

    Told all() throws IOException {
        return ask(List.of());
    }

    Told one(String pci) throws IOException {
        return ask(List.of("-i", pci));
    }

    private Told ask(List<String> which) throws IOException {
        while (true) {
            List<String> options = new ArrayList<>(which);
            options.add("--query-gpu=" + String.join(",", fields));
            options.add("--format=csv,noheader,nounits");
            Smi.Answer answer = smi.ask(options);
            Optional<String> unknown = answer.lines().stream()
                    .map(UNKNOWN_FIELD::matcher)
                    .filter(Matcher::matches)
                    .map(found -> found.group(1))
                    .findFirst();
            if (unknown.isEmpty() || NEEDED.contains(unknown.get()) || !fields.remove(unknown.get())) {
                return read(answer);
            }
        }
    }

    private Told read(Smi.Answer answer) {
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        Map<String, String> troubles = new LinkedHashMap<>();
        for (String line : answer.lines()) {
            Csv.trouble(line).ifPresent(trouble -> troubles.put(trouble.pci(), trouble.words()));
            Csv.values(line, fields.size())
                    .map(this::byField)
                    .filter(Cards::isRow)
                    .ifPresent(row -> rows.putIfAbsent(Csv.address(row.get(PCI)), row));
        }
        return new Told(rows, troubles, answer.sound(), answer.words());
    }

    private Map<String, String> byField(List<String> values) {
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            row.put(fields.get(i), values.get(i));
        }
        return row;
    }

    private static boolean isRow(Map<String, String> row) {
        return row.get(INDEX).matches("\\d{1,4}")
                && NAME_OF_GPU.matcher(row.get(UUID)).matches();
    }
}
