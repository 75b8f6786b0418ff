package gpuspool.gpu.nvml;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Survey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What {@code src/test/sh/real-gpu.sh} asks a real driver: {@code facts}, {@code life LAUNCHER UUID}, {@code cuda}, each a line per
 * fact: what was expected, a tab, {@code held}, {@code did not} or {@code could not be asked}, a tab, what was seen. Reads only;
 * {@code life} starts processes of our own on the card, and ends them.
 */
final class RealGpu {
    private static final long MIB = 1L << 20;
    /** What may stay in use when a process has left. */
    private static final long SLACK = 256 * MIB;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private static final List<String> FUNCTIONS = List.of(
            "nvmlInit_v2",
            "nvmlShutdown",
            "nvmlErrorString",
            "nvmlSystemGetDriverVersion",
            "nvmlSystemGetNVMLVersion",
            "nvmlDeviceGetCount_v2",
            "nvmlDeviceGetHandleByIndex_v2",
            "nvmlDeviceGetUUID",
            "nvmlDeviceGetName",
            "nvmlDeviceGetPciInfo_v3",
            "nvmlDeviceGetMemoryInfo",
            "nvmlDeviceGetMemoryInfo_v2",
            "nvmlDeviceGetComputeRunningProcesses_v3",
            "nvmlDeviceGetMPSComputeRunningProcesses_v3",
            "nvmlDeviceGetGraphicsRunningProcesses_v3",
            "nvmlDeviceGetRunningProcessDetailList",
            "nvmlDeviceGetConfComputeMemSizeInfo",
            "nvmlDeviceGetUtilizationRates",
            "nvmlDeviceGetTemperature",
            "nvmlDeviceGetPowerUsage",
            "nvmlDeviceGetEnforcedPowerLimit",
            "nvmlDeviceGetComputeMode",
            "nvmlDeviceGetFieldValues",
            "nvmlDeviceGetRemappedRows",
            "nvmlDeviceGetMigMode",
            "nvmlDeviceGetMaxMigDeviceCount",
            "nvmlDeviceGetMigDeviceHandleByIndex",
            "nvmlDeviceGetGpuInstanceId",
            "nvmlDeviceGetComputeInstanceId",
            "nvmlDeviceGetTopologyCommonAncestor",
            "nvmlDeviceGetP2PStatus",
            "nvmlEventSetCreate",
            "nvmlDeviceGetSupportedEventTypes",
            "nvmlDeviceRegisterEvents",
            "nvmlEventSetWait_v2",
            "nvmlEventSetFree");

    private final PrintStream out;

    private RealGpu(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] words) throws Exception {
        RealGpu probe = new RealGpu(System.out);
        switch (words[0]) {
            case "facts" -> probe.facts();
            case "life" -> probe.life(words[1], words[2]);
            case "cuda" -> probe.cuda();
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private void say(String expected, boolean held, String seen) {
        out.println(expected + "\t" + (held ? "held" : "did not") + "\t" + seen);
    }

    private void facts() throws Exception {
        try (NvmlLibrary nvml = NvmlLibrary.open(List.of())) {
            say("libnvidia-ml.so.1 loads by that name", true, "");
            List<String> missing =
                    FUNCTIONS.stream().filter(name -> !nvml.has(name)).toList();
            say("all functions that are used are there", missing.isEmpty(), "missing: " + missing);
            long began = System.nanoTime();
            nvml.call("nvmlInit_v2");
            say("init takes less than 5 s", System.nanoTime() - began < TimeUnit.SECONDS.toNanos(5), millis(began));
            int count = nvml.number("nvmlDeviceGetCount_v2");
            for (int i = 0; i < count; i++) {
                raw(nvml, nvml.handle("nvmlDeviceGetHandleByIndex_v2", i));
            }
            int code = nvml.code("nvmlDeviceGetHandleByUUID", "GPU-no-such-one", new Memory(8));
            say("a UUID of no card: not found (6) or invalid (2)", code == 6 || code == 2, "" + code);
            nvml.call("nvmlShutdown");
        }
        surveys();
    }

    private void raw(NvmlLibrary nvml, Pointer card) throws NvmlException {
        String uuid = nvml.text("nvmlDeviceGetUUID", card);
        Memory old = new Memory(Layouts.MEMORY_V1_SIZE);
        nvml.call("nvmlDeviceGetMemoryInfo", card, old);
        Memory facts = new Memory(Layouts.MEMORY_V2_SIZE);
        facts.clear();
        int code = nvml.code("nvmlDeviceGetMemoryInfo_v2", card, facts);
        say(uuid + ": a wrong version is told (25)", code == 25, "" + code);
        facts.setInt(0, Layouts.MEMORY_V2_VERSION);
        nvml.call("nvmlDeviceGetMemoryInfo_v2", card, facts);
        long used = facts.getLong(Layouts.MEMORY_V2_USED);
        long reserved = facts.getLong(16);
        long before = old.getLong(Layouts.MEMORY_V1_USED);
        say(
                uuid + ": used and reserved together are what older calls call used",
                Math.abs(used + reserved - before) <= 64 * MIB,
                "used " + used / MIB + ", reserved " + reserved / MIB + ", before " + before / MIB + " MiB");
        for (String name : List.of("nvmlDeviceGetComputeMode", "nvmlDeviceGetTemperature", "nvmlDeviceGetPowerUsage")) {
            int[] value = new int[1];
            code = name.endsWith("Temperature") ? nvml.code(name, card, 0, value) : nvml.code(name, card, value);
            say(uuid + ": " + name + " answers", code == 0, "code " + code + ", value " + value[0]);
        }
        Memory field = new Memory(Layouts.FIELD_SIZE);
        field.clear();
        field.setInt(Layouts.FIELD_ID, 230);
        code = nvml.code("nvmlDeviceGetFieldValues", card, 1, field);
        say(
                uuid + ": no recovery is asked for",
                code == 0 && field.getInt(Layouts.FIELD_VALUE) == 0,
                "code " + code + ", of the field " + field.getInt(Layouts.FIELD_RETURN) + ", value "
                        + field.getInt(Layouts.FIELD_VALUE));
    }

    private void surveys() throws Exception {
        long letGo = surveysUntilAWait();
        say("it is let go of under a wait", System.nanoTime() - letGo < 3_000_000_000L, millis(letGo));
    }

    /** When letting go began. */
    private long surveysUntilAWait() throws Exception {
        try (NvmlBackend backend = NvmlBackend.open()) {
            out.println(backend.survey());
            List<Long> took = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                long began = System.nanoTime();
                backend.survey();
                took.add(System.nanoTime() - began);
            }
            took.sort(null);
            say(
                    "a survey takes less than 50 ms",
                    took.get(250) < TimeUnit.MILLISECONDS.toNanos(50),
                    "p50 " + took.get(250) / 1000 + " µs, p99 " + took.get(495) / 1000 + " µs");
            backend.awaitFaults(Duration.ofMillis(1));
            long began = System.nanoTime();
            int faults = backend.awaitFaults(Duration.ofSeconds(2)).size();
            long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            say("a wait for faults ends after its 2 s", faults == 0 && waited >= 1900 && waited < 3000, waited + " ms");
            Thread waiting = new Thread(() -> {
                try {
                    backend.awaitFaults(Duration.ofSeconds(2));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            waiting.start();
            TimeUnit.MILLISECONDS.sleep(300);
            return System.nanoTime();
        }
    }

    private void life(String launcher, String uuid) throws Exception {
        try (NvmlBackend backend = NvmlBackend.open()) {
            life(backend, uuid, launcher, "its stdin ends", Process::getOutputStream);
            life(backend, uuid, launcher, "SIGTERM", process -> {
                process.destroy();
                return null;
            });
            life(backend, uuid, launcher, "SIGKILL", process -> {
                process.destroyForcibly();
                return null;
            });
        }
    }

    private interface End {
        AutoCloseable of(Process process);
    }

    private void life(NvmlBackend backend, String uuid, String launcher, String how, End end) throws Exception {
        long idle = used(reading(backend, uuid));
        ProcessBuilder builder = new ProcessBuilder(launcher, "hold-card", "--percent", "30")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CUDA_VISIBLE_DEVICES", uuid);
        long began = System.nanoTime();
        Process process = builder.start();
        try {
            until(backend, uuid, reading -> lists(reading, process.pid()));
            say(how + ": the process is listed by the pid that we know", true, "after " + millis(began));
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = said.readLine();
            Reading.Known known = reading(backend, uuid);
            long own = known.processes().orElse(List.of()).stream()
                    .filter(p -> p.pid() == process.pid())
                    .mapToLong(p -> p.memory().orElse(-1))
                    .sum();
            say(
                    how + ": what it has is what the card lacks, to 256 MiB",
                    Math.abs(used(known) - idle - own) <= SLACK,
                    line + "; the card: " + (used(known) - idle) / MIB + " MiB, it: " + own / MIB + " MiB");
            began = System.nanoTime();
            AutoCloseable stdin = end.of(process);
            if (stdin != null) {
                stdin.close();
            }
            until(backend, uuid, reading -> !lists(reading, process.pid()));
            String left = millis(began);
            until(backend, uuid, reading -> used(reading) <= idle + SLACK);
            say(how + ": the card is free again within 60 s", true, "pid gone " + left + ", memory " + millis(began));
        } catch (IllegalStateException e) {
            say(how + ": seen in time", false, e.getMessage());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static void until(NvmlBackend backend, String uuid, Predicate<Reading.Known> met) throws Exception {
        long limit = System.nanoTime() + PATIENCE;
        Reading.Known last = reading(backend, uuid);
        while (!met.test(last)) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException("not within 60 s; last: " + last);
            }
            TimeUnit.MILLISECONDS.sleep(20);
            last = reading(backend, uuid);
        }
    }

    private static Reading.Known reading(NvmlBackend backend, String uuid) {
        Survey survey = backend.survey();
        if (survey instanceof Survey.Answer answer) {
            for (Device device : answer.devices()) {
                if (device.id().word().equals(uuid)
                        && answer.readings().get(device.id()) instanceof Reading.Known known) {
                    return known;
                }
            }
        }
        throw new IllegalStateException(uuid + " cannot be read: " + survey);
    }

    private static long used(Reading.Known known) {
        return known.memory().map(Reading.Memory::used).orElse(0L);
    }

    private static boolean lists(Reading.Known known, long pid) {
        return known.processes().orElse(List.of()).stream()
                .mapToLong(GpuProcess::pid)
                .anyMatch(own -> own == pid);
    }

    /** What CUDA makes of the environment: the code of cuInit, and how many cards there are. */
    private void cuda() throws IOException {
        try (NativeLibrary cuda = NativeLibrary.getInstance("libcuda.so.1")) {
            int code = cuda.getFunction("cuInit").invokeInt(new Object[] {0});
            int[] count = {0};
            if (code == 0) {
                code = cuda.getFunction("cuDeviceGetCount").invokeInt(new Object[] {count});
            }
            out.println(code + " " + count[0]);
        }
    }

    private static String millis(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " ms";
    }
}
