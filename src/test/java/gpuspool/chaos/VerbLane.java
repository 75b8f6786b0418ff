package gpuspool.chaos;

import gpuspool.cli.Verbs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Somebody who uses gpuspool's own verbs, on the names that {@link ControlScript} uses, until it is closed. */
final class VerbLane implements AutoCloseable {
    private static final String[] VERBS = {"hold", "release", "first", "last", "cancel"};

    private final SpoolTestBed bed;
    private final ControlAccount account;
    private final Random random;
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final Future<Integer> done;
    private int count;

    VerbLane(SpoolTestBed bed, ControlAccount account, Random random) {
        this.bed = bed;
        this.account = account;
        this.random = random;
        this.done = executor.submit(this::work);
    }

    /** How many verbs were run; once it is closed. */
    int count() {
        return count;
    }

    private int work() throws Exception {
        int verbs = 0;
        while (!over.await(random.nextInt(60), TimeUnit.MILLISECONDS)) {
            verbs++;
            if (random.nextInt(4) == 0) {
                retry();
            } else {
                run(
                        VERBS[random.nextInt(VERBS.length)],
                        ControlScript.NAMES[random.nextInt(ControlScript.NAMES.length)]);
            }
        }
        return verbs;
    }

    private void retry() throws IOException {
        List<Path> failed = Tree.list(bed.spool().resolve("failed"));
        if (failed.isEmpty()) {
            return;
        }
        Path again = failed.get(random.nextInt(failed.size()));
        for (Path file : Tree.list(again)) {
            if (Tree.isDrop(Tree.rawName(file))
                    && run("retry", again.getFileName().toString()).status() == 0) {
                account.addCopy(ControlAccount.token(Files.readString(file, StandardCharsets.ISO_8859_1)));
            }
        }
    }

    private Verbs.Answer run(String verb, String job) {
        Verbs.Answer answer = Verbs.run(
                bed.root(),
                Map.of(
                        "GPUSPOOL_SPOOL", bed.spool().toString(),
                        "GPUSPOOL_LOCK_DIR", bed.lockDir().toString()),
                verb,
                "--",
                job);
        if (answer.status() > 1 || answer.said().contains("\tat ")) {
            throw new AssertionError(verb + " " + job + " ended with " + answer.status() + ": " + answer.said());
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        executor.shutdown();
        try {
            count = done.get();
        } catch (ExecutionException e) {
            throw new IOException("a verb failed", e.getCause());
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
