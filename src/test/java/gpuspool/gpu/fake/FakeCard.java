package gpuspool.gpu.fake;

import gpuspool.gpu.GpuId;
import gpuspool.job.BadValueException;
import gpuspool.job.Sizes;
import java.util.Map;
import java.util.TreeMap;

/** One card of a {@link FakeDriver}; every call changes it at once. Codes are NVML's, 0 for none; sizes as {@code 10GiB}. */
public final class FakeCard {
    private final FakeDriver driver;
    private final int number;
    private final Map<String, String> facts = new TreeMap<>();
    private final Map<String, String> processes = new TreeMap<>();
    private final Map<Integer, String> instances = new TreeMap<>();

    FakeCard(FakeDriver driver, int number) {
        this.driver = driver;
        this.number = number;
        facts.put("uuid", String.format("GPU-%08x-fa4e-4000-8000-%012x", number, number));
        facts.put("name", "NVIDIA~Fake~80GB");
        facts.put("pci", String.format("00000000:%02X:00.0", number + 1));
        facts.put("total", Long.toString(bytes("80GiB")));
        facts.put("base", Long.toString(bytes("4MiB")));
        facts.put("reserved", Long.toString(bytes("600MiB")));
        facts.put("util", "0");
        facts.put("temp", "31");
        facts.put("power", "42000");
        facts.put("limit", "400000");
    }

    public String uuid() {
        return facts.get("uuid");
    }

    public GpuId id() {
        return new GpuId.Uuid(uuid());
    }

    public FakeCard uuid(String uuid) {
        return set("uuid", uuid);
    }

    public FakeCard name(String name) {
        return set("name", name.replace(' ', '~'));
    }

    public FakeCard total(String size) {
        return set("total", size(size));
    }

    /** What is in use beside the memory of all processes: the driver's own, or that of processes which nobody sees. */
    public FakeCard hidden(String size) {
        return set("base", size(size));
    }

    /** What a CUDA context costs. */
    public FakeCard context(String size) {
        return set("context", size(size));
    }

    /** A compute process. */
    public FakeCard process(long pid, String size) {
        return process(pid, size, "compute");
    }

    /** {@code kind}: compute, graphics, mps; {@code size}: {@code -1} for one that the driver does not tell. */
    public FakeCard process(long pid, String size, String kind) {
        return process(pid, size, kind, "");
    }

    /** A compute process in a MIG instance. */
    public FakeCard instanceProcess(int slot, long pid, String size) {
        return process(pid, size, "compute", " mig=" + slot);
    }

    private FakeCard process(long pid, String size, String kind, String where) {
        String line = "proc " + number + " pid=" + pid + " mem=" + size(size) + " kind=" + kind + where;
        synchronized (driver) {
            processes.put(pid + kind, line);
        }
        driver.publish();
        return this;
    }

    public FakeCard noProcesses() {
        synchronized (driver) {
            processes.clear();
        }
        driver.publish();
        return this;
    }

    /** What everything about this card answers: 15 lost, 16 reset required, 4 no permission, 999 unknown; 0: it works. */
    public FakeCard error(int code) {
        return set("rc", Integer.toString(code));
    }

    public FakeCard lose() {
        return error(15);
    }

    /** What asking for its handle answers. */
    public FakeCard handleError(int code) {
        return set("handle", Integer.toString(code));
    }

    public FakeCard memoryError(int code) {
        return set("memory", Integer.toString(code));
    }

    public FakeCard processesError(int code) {
        return set("processes", Integer.toString(code));
    }

    /** What retaining a context and allocating answer. */
    public FakeCard cudaError(int code) {
        return set("cuda", Integer.toString(code));
    }

    /** Milliseconds that every call about this card takes; a shorter time sets free those that wait. */
    public FakeCard slow(long millis) {
        return set("slow", Long.toString(millis));
    }

    /** 0 default, 2 prohibited, 3 exclusive process. */
    public FakeCard computeMode(int mode) {
        return set("mode", Integer.toString(mode));
    }

    /** Field 230: 0 none, 1 reset, 2 reboot, 3 drain P2P, 4 drain and reset; -1: the driver knows of no such thing. */
    public FakeCard recovery(int action) {
        return set("recovery", Integer.toString(action));
    }

    public FakeCard remapFailed(boolean failed) {
        return set("remap", failed ? "1" : "0");
    }

    /** How many times the list of processes turns out too long for the room it was given. */
    public FakeCard countRace(int times) {
        return set("race", Integer.toString(times));
    }

    /** Percent, degrees, milliwatts, milliwatts; -1 each: the driver does not tell. */
    public FakeCard figures(int utilisation, int temperature, int power, int limit) {
        synchronized (driver) {
            facts.put("util", Integer.toString(utilisation));
            facts.put("temp", Integer.toString(temperature));
            facts.put("power", Integer.toString(power));
            facts.put("limit", Integer.toString(limit));
        }
        driver.publish();
        return this;
    }

    /** Which kinds of events it has; NVML's bits, 8 for XID. */
    public FakeCard events(int mask) {
        return set("events", Integer.toString(mask));
    }

    /** Splits it (MIG) into slots that are all empty. */
    public FakeCard split(int slots) {
        synchronized (driver) {
            facts.put("slots", Integer.toString(slots));
            facts.put("split", "1");
        }
        driver.publish();
        return this;
    }

    /** Fills a slot; its UUID is {@link #instanceUuid}. */
    public FakeCard instance(int slot, String size, int gpuInstance, int computeInstance) {
        String line = "mig " + number + " " + slot + " uuid=" + instanceUuid(slot) + " gi=" + gpuInstance + " ci="
                + computeInstance + " total=" + size(size) + " base=" + bytes("4MiB");
        synchronized (driver) {
            instances.put(slot, line);
        }
        driver.publish();
        return this;
    }

    public FakeCard noInstance(int slot) {
        synchronized (driver) {
            instances.remove(slot);
        }
        driver.publish();
        return this;
    }

    public String instanceUuid(int slot) {
        return String.format("MIG-%08x-fa4e-4000-8000-%012x", slot, number);
    }

    private FakeCard set(String key, String value) {
        synchronized (driver) {
            facts.put(key, value);
        }
        driver.publish();
        return this;
    }

    String lines() {
        StringBuilder text = new StringBuilder("gpu " + number);
        facts.forEach((key, value) -> text.append(' ').append(key).append('=').append(value));
        text.append('\n');
        instances.values().forEach(line -> text.append(line).append('\n'));
        processes.values().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static String size(String text) {
        return text.equals("-1") ? text : Long.toUnsignedString(bytes(text));
    }

    private static long bytes(String text) {
        try {
            return Sizes.parse(text);
        } catch (BadValueException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
