package gpuspool.cli;

import gpuspool.gpu.GpuId;
import gpuspool.gpu.Roster;
import gpuspool.posix.LockDirectory;
import gpuspool.spool.Layout;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import gpuspool.watch.AlreadyWatchedException;
import gpuspool.watch.JobNews;
import gpuspool.watch.ReplacedException;
import gpuspool.watch.Watcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code gpuspool demo}: the ordinary watcher on two simulated GPUs, the samples dropped, the tree as it changes. */
final class DemoVerb extends Verb {
    /** The files of {@code samples/}, packed into the program. */
    static final List<String> SAMPLES =
            List.of("hello.job", "env.job", "steps.job", "two-gpus.toml", "cpu.toml", "fails.job", "train.job");

    private static final String SHOWN_AT_THE_END = "train";
    private static final Roster TWO_GPUS = Roster.onTrust(List.of(new GpuId.Simulated(0), new GpuId.Simulated(1)));
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(50);

    DemoVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path home = Path.of(
                System.getProperty("java.io.tmpdir"),
                "gpuspool-demo-" + ProcessHandle.current().pid());
        fs.mkdir(home);
        Spool spool = SpoolMaker.make(home.resolve("spool"), fs);
        out("A spool to try things out: " + spool.root());
        out("");
        out("$ gpuspool watch --devices sim:2 &");
        LockDirectory locks = LockDirectory.open(home.resolve("locks"));
        Watcher watcher = Watchers.of(
                spool.root(),
                spool,
                TWO_GPUS,
                locks,
                SpoolSettings.of(spool.places(), Map.of(), List.of()),
                call.environment(),
                line -> out("  " + line),
                JobNews.NOBODY);
        Thread thread = new Thread(() -> watch(watcher), "demo watcher");
        thread.start();
        out("$ mv " + String.join(" ", SAMPLES) + " incoming/");
        drop(home, spool.places());
        boolean finished = show(spool.places());
        watcher.leave();
        watcher.awaitLeft(Duration.ofSeconds(5));
        return finished ? conclude(spool) : failed(spool);
    }

    private void watch(Watcher watcher) {
        try {
            watcher.run(false);
        } catch (IOException | AlreadyWatchedException | ReplacedException e) {
            say(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drop(Path home, Layout places) throws IOException {
        for (String name : SAMPLES) {
            fs.create(home.resolve(name), Packed.bytes("/samples/" + name));
            fs.rename(home.resolve(name), places.incoming().resolve(name));
        }
    }

    /** Prints the tree whenever it has changed, until every sample is filed; false when that takes too long. */
    private boolean show(Layout places) throws IOException, InterruptedException {
        String shown = "";
        for (Duration waited = Duration.ZERO; waited.compareTo(LONGEST) < 0; waited = waited.plus(LOOK)) {
            String tree = tree(places);
            if (!tree.equals(shown)) {
                out(tree);
                shown = tree;
            }
            if (fs.list(places.done()).size() + fs.list(places.failed()).size() == SAMPLES.size()) {
                return true;
            }
            Thread.sleep(LOOK.toMillis());
        }
        return false;
    }

    private String tree(Layout places) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path directory : List.of(places.incoming(), places.running(), places.done(), places.failed())) {
            lines.add(String.format(
                    "      %-10s %s", directory.getFileName() + "/", String.join(" ", fs.list(directory))));
        }
        return String.join("\n", lines);
    }

    private int conclude(Spool spool) throws IOException {
        for (String id : fs.list(spool.places().done())) {
            if (id.startsWith(SHOWN_AT_THE_END + ".")) {
                Path output = spool.places().done().resolve(id).resolve("output.log");
                out("");
                out("$ cat " + spool.root().relativize(output));
                out(new String(fs.read(output, 1 << 16), StandardCharsets.UTF_8).strip());
            }
        }
        out("");
        out("Look around in it: ls " + spool.root() + "/*   (and when you are done: rm -r "
                + spool.root().getParent() + ")");
        return ExitStatus.OK.code;
    }

    private int failed(Spool spool) {
        say("not everything ended within " + LONGEST.toSeconds() + " s; what there is lies in " + spool.root());
        return ExitStatus.FAILED.code;
    }
}
