package gpuspool.config;

import gpuspool.job.BadValueException;
import gpuspool.job.Place;
import gpuspool.job.Printable;
import gpuspool.job.Problem;
import gpuspool.job.Problems;
import gpuspool.job.Toml;
import gpuspool.job.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the settings in the order in which they count: the file's top, its table for this host, the environment, options. The
 * environment and the options stay as they are for the life of a process, the file may be read again. Immutable, safe to share.
 */
public final class SettingsReader {
    /** What the file is called in messages. */
    public static final String FILE = "spool.toml";

    private static final Set<SettingKey> NUMBERS = Collections.unmodifiableSet(EnumSet.of(
            SettingKey.KEEP_IDLE,
            SettingKey.HOLD_PERCENT,
            SettingKey.CPU_SLOTS,
            SettingKey.MAX_GPUS_PER_USER,
            SettingKey.MAX_JOBS_PER_USER,
            SettingKey.MAX_JOBS_PER_GPU,
            SettingKey.MAX_SWEEP,
            SettingKey.LOG_KEEP));

    private final Map<String, String> environment;
    private final List<SettingOption> options;
    private final String machine;

    /** @param machine what this host is called where nobody gives it another name */
    public SettingsReader(Map<String, String> environment, List<SettingOption> options, String machine) {
        this.environment = Map.copyOf(environment);
        this.options = List.copyOf(options);
        this.machine = machine;
    }

    /** Reads the whole file, whatever its bytes are; no bytes where there is no file. */
    public SettingsRead read(byte[] file) {
        Problems problems = new Problems();
        SettingsFields fields = new SettingsFields();
        Toml.read(file, problems).ifPresent(root -> readFile(root, fields, problems));
        return withOthers(fields, problems.inFileOrder());
    }

    /** What holds, and what is wrong, where the file is something that cannot be read. */
    public SettingsRead unreadable(String what, String todo) {
        return withOthers(new SettingsFields(), List.of(new Problem(1, 1, what, todo)));
    }

    private SettingsRead withOthers(SettingsFields fields, List<Problem> inFile) {
        List<SettingsRead.Mistake> mistakes = new ArrayList<>();
        inFile.forEach(problem -> mistakes.add(new SettingsRead.Mistake(FILE, true, problem)));
        readEnvironment(fields, mistakes);
        readOptions(fields, mistakes);
        return new SettingsRead(fields.settings(), fields.origins(), mistakes);
    }

    private void readFile(Value.Table root, SettingsFields fields, Problems problems) {
        for (Value.Entry entry : root.entries()) {
            if (!entry.name().equals(SettingKey.HOSTS)) {
                take(entry, "", fields, problems);
            }
        }
        String own = nameOfHost(fields);
        for (Value.Entry entry : root.entries()) {
            if (entry.name().equals(SettingKey.HOSTS)) {
                readHosts(entry, own, fields, problems);
            }
        }
    }

    /** Whose table counts: that of the name that holds without any such table. */
    private String nameOfHost(SettingsFields fields) {
        SettingsFields own = new SettingsFields();
        String given = environment.getOrDefault(SettingKey.HOST.variable(), "");
        own.set(SettingKey.HOST, new Value.Text(given, Place.START), "", new Problems());
        return own.host().or(fields::host).orElse(machine);
    }

    private static void readHosts(Value.Entry hosts, String own, SettingsFields fields, Problems problems) {
        if (!(hosts.value() instanceof Value.Table tables)) {
            problems.add(hosts.at(), "hosts is " + hosts.value().kind(), "write [hosts.NAME] and its keys below it");
            return;
        }
        for (Value.Entry host : tables.entries()) {
            if (!(host.value() instanceof Value.Table keys)) {
                problems.add(
                        host.at(),
                        "hosts." + Printable.cut(host.name(), 40) + " is "
                                + host.value().kind(),
                        "write [hosts.NAME] and its keys below it");
                continue;
            }
            checkName(host, problems);
            // The tables of others are read, too: their mistakes are found where the file is written.
            SettingsFields target = host.name().equals(own) ? fields : new SettingsFields();
            keys.entries().forEach(entry -> take(entry, "[hosts." + host.name() + "] ", target, problems));
        }
    }

    private static void checkName(Value.Entry host, Problems problems) {
        try {
            String unused = SettingValues.host(SettingKey.HOST, new Value.Text(host.name(), host.at()));
        } catch (BadValueException bad) {
            problems.add(
                    host.at(),
                    Printable.quote(host.name()) + " is the name of no host",
                    "write the part before the first dot");
        }
    }

    private static void take(Value.Entry entry, String table, SettingsFields fields, Problems problems) {
        try {
            String origin = table + FILE + ":" + entry.at().line();
            fields.set(SettingKey.named(entry.name()), entry.value(), origin, problems);
        } catch (BadValueException bad) {
            problems.add(entry.at(), bad);
        }
    }

    private void readEnvironment(SettingsFields fields, List<SettingsRead.Mistake> mistakes) {
        String visible = environment.get("CUDA_VISIBLE_DEVICES");
        if (visible != null) {
            fields.setVisibleDevices(visible);
        }
        for (SettingKey key : SettingKey.values()) {
            String text = environment.getOrDefault(key.variable(), "");
            if (!text.isEmpty()) {
                String source = "$" + key.variable();
                take(key, text, source, fields, mistakes);
            }
        }
    }

    private void readOptions(SettingsFields fields, List<SettingsRead.Mistake> mistakes) {
        Set<SettingKey> seen = EnumSet.noneOf(SettingKey.class);
        for (SettingOption option : options) {
            try {
                SettingKey key = SettingKey.named(option.key());
                if (key == SettingKey.HOST) {
                    throw new BadValueException(
                            "host is needed by every command, not only by this one",
                            "set $" + key.variable() + ", or write it in " + FILE);
                }
                if (option.value().isEmpty()) {
                    throw new BadValueException(key.key() + " has no value", "write KEY=VALUE, such as grace=1m");
                }
                if (!seen.add(key)) {
                    throw new BadValueException(key.key() + " is given twice", "give it once");
                }
                take(key, option.value(), option.source(), fields, mistakes);
            } catch (BadValueException bad) {
                mistakes.add(mistake(option.source(), bad.what(), bad.todo()));
            }
        }
    }

    private static void take(
            SettingKey key, String text, String source, SettingsFields fields, List<SettingsRead.Mistake> mistakes) {
        Problems problems = new Problems();
        fields.set(key, typed(key, text), source, problems);
        problems.inFileOrder().forEach(problem -> mistakes.add(mistake(source, problem.what(), problem.todo())));
    }

    private static SettingsRead.Mistake mistake(String source, String what, String todo) {
        return new SettingsRead.Mistake(source, false, new Problem(1, 1, what, todo));
    }

    /** All is text outside of the file; where a number is wanted and stands there, it is one. */
    private static Value typed(SettingKey key, String text) {
        boolean isNumber = NUMBERS.contains(key) && text.matches("-?\\d{1,100}");
        return isNumber ? new Value.Whole(new BigInteger(text), Place.START) : new Value.Text(text, Place.START);
    }
}
