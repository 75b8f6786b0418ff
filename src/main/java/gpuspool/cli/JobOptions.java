package gpuspool.cli;

import gpuspool.job.JobFlag;
import gpuspool.job.JobKey;
import gpuspool.job.KeyText;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The options that end up in a job file: one for each key that such a file may have. */
final class JobOptions {
    /** In help they stand behind a verb's own, and before what all verbs have. */
    private static final int ORDER = 1;

    private JobOptions() {}

    static void addTo(CommandSpec spec, List<JobFlag> flags) {
        for (JobFlag flag : flags) {
            spec.addOption(OptionSpec.builder(flag.names().toArray(String[]::new))
                    .paramLabel(flag.label())
                    .arity("1")
                    .type(List.class)
                    .auxiliaryTypes(String.class)
                    .description(flag.help().replace("%", "%%").replace("$", "$$"))
                    .order(ORDER)
                    .build());
        }
    }

    /**
     * The settings given, by the keys of job files; parts of tables as {@code env.NAME}.
     *
     * @param directory what relative paths start from
     * @param usage makes what is thrown for a value that cannot be used
     */
    static Map<String, String> settings(CommandSpec spec, Path directory, Function<String, ParameterException> usage) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (JobFlag flag : JobFlag.all()) {
            OptionSpec option = spec.findOption(flag.name());
            List<String> given = option == null ? null : option.getValue();
            if (given == null || given.isEmpty()) {
                continue;
            }
            if (flag.key().type().hasParts()) {
                given.forEach(each -> putPart(settings, flag, each, usage));
            } else if (given.size() > 1 && !flag.isMany()) {
                throw usage.apply(flag.name() + " is given twice; give it once");
            } else {
                settings.put(flag.key().key(), value(flag, String.join(",", given), directory, usage));
            }
        }
        return settings;
    }

    /** The option that has the name of a key in other programs: {@code --time} for {@code --walltime}. */
    static Optional<String> meant(String word) {
        String name = word.replaceFirst("^--?", "").replaceFirst("=.*", "").replace('-', '_');
        return JobFlag.all().stream()
                .filter(flag -> flag.key().calledElsewhere().contains(name))
                .map(JobFlag::name)
                .findFirst();
    }

    private static void putPart(
            Map<String, String> settings, JobFlag flag, String given, Function<String, ParameterException> usage) {
        int end = given.indexOf('=');
        if (end < 1) {
            throw usage.apply(flag.name() + " " + given + ": write " + flag.label());
        }
        String name = given.substring(0, end);
        if (settings.put(KeyText.part(flag.key(), name), given.substring(end + 1)) != null) {
            throw usage.apply(flag.name() + " " + name + " is given twice; give it once");
        }
    }

    private static String value(
            JobFlag flag, String given, Path directory, Function<String, ParameterException> usage) {
        if (flag.key() == JobKey.GPUS
                && (given.contains(",") || given.startsWith("GPU-") || given.startsWith("sim:"))) {
            throw usage.apply("--gpus is how many, not which: " + given + "; did you mean --devices " + given + "?");
        }
        String value = isRelativePath(flag.key(), given) ? from(directory, given) : given;
        flag.fault(value).ifPresent(fault -> {
            throw usage.apply(fault);
        });
        // TOML knows no 007.
        return flag.key().type() == JobKey.Type.INTEGER ? new BigInteger(value).toString() : value;
    }

    /** Whether it counts from where somebody is. What their shell was to expand and did not is left for its own message. */
    private static boolean isRelativePath(JobKey key, String given) {
        boolean isPath =
                key.type() == JobKey.Type.PATH && !given.isEmpty() || key == JobKey.OUTPUT && given.contains("/");
        return isPath && !given.startsWith("~") && !given.startsWith("$");
    }

    private static String from(Path directory, String given) {
        String path = directory.resolve(given).normalize().toString();
        return given.endsWith("/") && !path.endsWith("/") ? path + "/" : path;
    }
}
