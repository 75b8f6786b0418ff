package gpuspool.gpu.fake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A driver that exists only for tests. Every change is published at once, by a rename: whoever asks sees the state before it or
 * after it. Methods may be called from any thread.
 */
public final class FakeDriver {
    /** Which driver's library it is. */
    public enum Build {
        /** Of today, with all symbols. */
        NOW,
        /** 535.43 and so on: entries of 32 bytes where 24 are due. */
        D535,
        /** Without {@code _v3} lists of processes, {@code _v2} memory, field values. */
        V2,
        /** Lists of processes without instance numbers only. */
        V1
    }

    private final Path directory;
    private final Map<Integer, FakeCard> cards = new TreeMap<>();
    private final Map<String, String> words = new TreeMap<>();
    private final List<String> links = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private int changes;

    private FakeDriver(Path directory) {
        this.directory = directory;
    }

    /** Skips the test, visibly, where there is no compiler; for {@code @BeforeAll}. */
    public static void needCompiler() {
        FakeLibraries.needCompiler();
    }

    /** A driver of today with so many idle cards of 80 GiB; its files go into a directory which is made. */
    public static FakeDriver in(Path directory, int cards) {
        return in(directory, cards, Build.NOW);
    }

    public static FakeDriver in(Path directory, int cards, Build build) {
        Path built = FakeLibraries.built();
        try {
            Files.createDirectories(directory);
            // Copies: the same file would be loaded once only, and play one state for all.
            copy(built.resolve(build.name()), directory, "libnvidia-ml.so.1");
            for (String name : List.of("libcuda.so.1", "nvidia-smi", "use-card")) {
                copy(built, directory, name);
            }
            // Made here, not by those who lock it: they may outlive a test, whose directory is being deleted.
            Files.createFile(directory.resolve("gpus.lock"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        FakeDriver driver = new FakeDriver(directory.toAbsolutePath());
        for (int i = 0; i < cards; i++) {
            driver.cards.put(i, new FakeCard(driver, i));
        }
        driver.publish();
        return driver;
    }

    private static void copy(Path from, Path to, String name) throws IOException {
        Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** What a child needs to find all of it first: put into its environment. */
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("LD_LIBRARY_PATH", directory.toString());
        environment.put("PATH", directory + ":" + System.getenv("PATH"));
        return environment;
    }

    /** Holds {@code libnvidia-ml.so.1}, {@code libcuda.so.1}, {@code nvidia-smi} and {@code use-card}. */
    public Path directory() {
        return directory;
    }

    public Path nvml() {
        return directory.resolve("libnvidia-ml.so.1");
    }

    public Path cuda() {
        return directory.resolve("libcuda.so.1");
    }

    public Path smi() {
        return directory.resolve("nvidia-smi");
    }

    /** The card of this number; made, if there is none. */
    public FakeCard gpu(int number) {
        synchronized (this) {
            if (cards.containsKey(number)) {
                return cards.get(number);
            }
            cards.put(number, new FakeCard(this, number));
        }
        publish();
        return gpu(number);
    }

    /** Takes it out of the machine. */
    public FakeDriver unplug(int number) {
        synchronized (this) {
            cards.remove(number);
        }
        return publish();
    }

    public FakeDriver lose(int number) {
        gpu(number).lose();
        return this;
    }

    /** The code that init, and then everything, answers; 0: it works (again). */
    public FakeDriver initError(int code) {
        return set("init", Integer.toString(code));
    }

    /** Milliseconds that every call takes; a shorter time sets free those that wait. */
    public FakeDriver slow(long millis) {
        return set("slow", Long.toString(millis));
    }

    public FakeDriver version(String version) {
        set("nvml", "12." + version);
        return set("driver", version);
    }

    /** What {@code cuInit} answers. */
    public FakeDriver cudaError(int code) {
        return set("cuda", Integer.toString(code));
    }

    /** What {@code nvidia-smi} prints, with exit status 0, in place of an answer; empty text: it answers. */
    public FakeDriver smiSays(String text) {
        return set("smi", text.replace(' ', '~'));
    }

    /** How far two cards are from each other; {@code distance}: 0 one board … 50 the whole system. */
    public FakeDriver link(int one, int other, boolean nvlink, int distance) {
        synchronized (this) {
            links.add("link " + one + " " + other + " nvlink=" + (nvlink ? 1 : 0) + " distance=" + distance);
        }
        return publish();
    }

    /** Reports a fault (XID) of a card, once, to those who listen now. */
    public FakeDriver xid(int number, int code) {
        return xid(number, code, "");
    }

    /** One of a MIG instance. */
    public FakeDriver xid(int number, int code, int gpuInstance, int computeInstance) {
        return xid(number, code, " gi=" + gpuInstance + " ci=" + computeInstance);
    }

    private FakeDriver xid(int number, int code, String where) {
        synchronized (this) {
            faults.add("xid " + (faults.size() + 1) + " " + number + " " + code + where);
        }
        return publish();
    }

    /** A process of nobody we know, which is on a card until it is destroyed. Returns when it is there. */
    public Process stranger(int number, String bytes) {
        try {
            // A session of its own, as any stranger has: the one these tests run in may be a container's number 0.
            String program = directory.resolve("use-card").toString();
            Process process = new ProcessBuilder("setsid", program, bytes, "600", Integer.toString(number))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!uses(process.pid())) {
                if (!process.isAlive() || System.nanoTime() > until) {
                    process.destroyForcibly();
                    throw new IllegalStateException("the stranger did not get " + bytes + " on card " + number);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether a process uses a card, by the fake CUDA or {@code use-card}. */
    public boolean uses(long pid) throws IOException {
        Path all = directory.resolve("gpus.procs");
        if (!Files.isDirectory(all)) {
            return false;
        }
        try (var files = Files.list(all)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(pid + "-"));
        }
    }

    private FakeDriver set(String key, String value) {
        synchronized (this) {
            words.put(key, value);
        }
        return publish();
    }

    FakeDriver publish() {
        synchronized (this) {
            StringBuilder text = new StringBuilder();
            words.forEach(
                    (key, value) -> text.append(key).append(' ').append(value).append('\n'));
            cards.values().forEach(card -> text.append(card.lines()));
            links.forEach(line -> text.append(line).append('\n'));
            faults.forEach(line -> text.append(line).append('\n'));
            try {
                Path fresh = directory.resolve("gpus.new" + changes++);
                Files.writeString(fresh, text);
                Files.move(fresh, directory.resolve("gpus"), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }
    }
}
