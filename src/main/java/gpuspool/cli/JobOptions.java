package gpuspool.cli;

import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.job.JobSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that end up in a job file. */
final class JobOptions {
    @Option(
            names = {"-n", "-G", "--gpus"},
            paramLabel = "N",
            description = "how many GPUs, 0 to 1024 (default: 1); with 0 it sees none")
    private String gpus;

    @Option(
            names = "--devices",
            paramLabel = "LIST",
            description = "only these GPUs will do: indices or UUIDs, such as 0,1 (default: any)")
    private String devices;

    @Option(
            names = "--gpu-type",
            paramLabel = "TEXT",
            description = "only GPUs will do whose name contains this, such as A100 (default: any)")
    private String type;

    @Option(
            names = "--pin",
            paramLabel = "KIND",
            description = "uuid: it is told full names; index: numbers (default: uuid)")
    private String pin;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description = "stop it after so long, such as 90m or 4h (default: no limit)")
    private String time;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            description = "from SIGTERM to SIGKILL when it is stopped (default: 30s)")
    private String grace;

    @Option(
            names = "--cwd",
            paramLabel = "DIR",
            description = "where it starts (default: here, unless the file says so itself)")
    private Path cwd;

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = "set a variable for it; may be given several times")
    private List<String> env = List.of();

    @Option(
            names = "--output",
            paramLabel = "KIND",
            description = "merged: one output.log; split: stdout.log and stderr.log (default: merged)")
    private String output;

    /**
     * The settings given, by the keys of job files; variables as {@code env.NAME}.
     *
     * @param directory what a relative {@code --cwd} starts from
     * @param usage makes what is thrown for a value that cannot be used
     */
    Map<String, String> settings(Path directory, Function<String, ParameterException> usage) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (gpus != null) {
            settings.put("gpus", count(usage));
        }
        put(settings, "devices", devices);
        put(settings, "gpu_type", type);
        put(settings, "pin", pin);
        putDuration(settings, "time", time, usage);
        putDuration(settings, "grace", grace, usage);
        if (cwd != null) {
            settings.put("cwd", directory.resolve(cwd).normalize().toString());
        }
        if (output != null) {
            if (!List.of("merged", "split").contains(output)) {
                throw usage.apply("--output " + output + ": write merged or split");
            }
            settings.put("output", output);
        }
        for (String variable : env) {
            if (variable.indexOf('=') < 1) {
                throw usage.apply("--env " + variable + ": write NAME=VALUE");
            }
            settings.put(
                    "env." + variable.substring(0, variable.indexOf('=')),
                    variable.substring(variable.indexOf('=') + 1));
        }
        return settings;
    }

    private String count(Function<String, ParameterException> usage) {
        if (gpus.contains(",") || gpus.startsWith("GPU-") || gpus.startsWith("sim:")) {
            throw usage.apply("--gpus is how many, not which: " + gpus + "; did you mean --devices " + gpus + "?");
        }
        if (!gpus.matches("[0-9]{1,4}") || Integer.parseInt(gpus) > JobSpec.MOST_GPUS) {
            throw usage.apply("--gpus " + gpus + ": write a number, 0 to " + JobSpec.MOST_GPUS);
        }
        return Integer.toString(Integer.parseInt(gpus));
    }

    /** What is wrong with it is told when the whole job is read. */
    private static void put(Map<String, String> settings, String key, String value) {
        if (value != null) {
            settings.put(key, value);
        }
    }

    private static void putDuration(
            Map<String, String> settings, String key, String value, Function<String, ParameterException> usage) {
        try {
            if (value != null && Durations.parse(value).isZero() && key.equals("time")) {
                throw usage.apply("--time is zero; write for example 90m or 4h");
            }
        } catch (BadValueException bad) {
            throw usage.apply("--" + key + ": " + bad.getMessage());
        }
        if (value != null) {
            settings.put(key, value);
        }
    }
}
