package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import gpuspool.job.JobId;
import gpuspool.job.UsageSample;
import gpuspool.plan.Sampling;
import gpuspool.posix.SharedAppend;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.StatusFile;
import gpuspool.spool.UsageFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Writes down what running jobs use of cards that a driver tells of; {@link Sampling} says when. Nothing is synced, and what cannot
 * be written is lost: no job is ever troubled by it.
 */
final class SampleDesk {
    private static final String WRITING = "usage ";

    private final Edges edges;
    private final Fs fs;
    private final JobBook jobs;
    private final CardDesk desk;
    private final Owners owners;
    private final Trouble trouble;
    private final Map<JobId, Open> open = new HashMap<>();

    SampleDesk(Edges edges, JobBook jobs, CardDesk desk, Owners owners, Trouble trouble) {
        this.edges = edges;
        fs = edges.fs();
        this.jobs = jobs;
        this.desk = desk;
        this.owners = owners;
        this.trouble = trouble;
    }

    /** A job whose cards are looked at: these, in the order of its {@code devices}. */
    private static final class Open {
        private final List<GpuId> cards;
        private final Sampling sampling;
        /** Whether its file says how large they are. */
        private boolean begun;
        /** Whether its file cannot be ours: nothing of it is looked at any more. */
        private boolean muted;

        Open(List<GpuId> cards, OptionalLong told, boolean begun) {
            this.cards = cards;
            sampling = new Sampling(cards.size(), told);
            this.begun = begun;
        }
    }

    /** Takes in a look at all cards. */
    void look() {
        open.keySet().removeIf(id -> jobs.get(id).isEmpty());
        for (Job job : jobs.all()) {
            if (isSampled(job)) {
                try {
                    look(job);
                } catch (IOException e) {
                    cannot(job, e, "tried again with the next line");
                }
            }
        }
    }

    private void cannot(Job job, IOException e, String next) {
        trouble.is(
                WRITING + job.name(),
                "attention " + job.name() + ": cannot write down what it uses of its cards: " + e.getMessage()
                        + ". The job is not affected; " + next);
    }

    private boolean isSampled(Job job) {
        return desk.isDriven()
                && job.phase == Job.Phase.LIVE
                && !job.cards.isEmpty()
                && (job.spawnedNanos.isPresent() || job.startedAt.isPresent());
    }

    private void look(Job job) throws IOException {
        Open file = open.get(job.dir.id());
        if (file == null) {
            file = open(job);
            open.put(job.dir.id(), file);
        }
        long age = age(job);
        if (file.muted || age < file.sampling.due()) {
            return;
        }
        List<UsageSample.OfCard> uses = new ArrayList<>();
        file.cards.forEach(card -> uses.add(used(job, card)));
        Optional<UsageSample> line = file.sampling.add(age, uses);
        if (line.isPresent()) {
            write(job, file, line.get());
        }
    }

    private long age(Job job) throws IOException {
        return job.runsFor(edges.clocks()).orElseThrow().toMillis();
    }

    /** A watcher before this one may have begun it. */
    private Open open(Job job) {
        List<GpuId> cards =
                desk.describe(job.cards.keySet()).stream().map(Device::id).toList();
        Path path = job.dir.file(JobDir.USAGE);
        try {
            if (fs.look(path).isEmpty()) {
                return new Open(cards, OptionalLong.empty(), false);
            }
            byte[] content = fs.read(path, StatusFile.LARGEST);
            if (!UsageFile.isOurs(content)) {
                throw new IOException(path + " was not made by a watcher");
            }
            List<UsageSample> told = UsageFile.parse(content).samples();
            OptionalLong last = told.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(
                            TimeUnit.SECONDS.toMillis(told.get(told.size() - 1).seconds()));
            return new Open(cards, last, content.length > 0);
        } catch (IOException e) {
            Open muted = new Open(cards, OptionalLong.empty(), false);
            muted.muted = true;
            cannot(job, e, "that file is left alone");
            return muted;
        }
    }

    private void write(Job job, Open file, UsageSample sample) throws IOException {
        String head = file.begun
                ? ""
                : UsageFile.head(file.cards.stream().map(this::total).toList());
        byte[] lines = (head + UsageFile.line(sample)).getBytes(StandardCharsets.UTF_8);
        Path path = job.dir.file(JobDir.USAGE);
        SharedAppend.Added added = fs.addLines(path, lines);
        if (added.written() < lines.length) {
            throw new IOException(path + " took only " + added.written() + " of " + lines.length + " bytes");
        }
        file.begun = true;
        trouble.isOver(WRITING + job.name(), "what " + job.name() + " uses of its cards can be written down again");
    }

    private OptionalLong total(GpuId card) {
        Optional<Reading.Memory> memory = known(card).flatMap(Reading.Known::memory);
        return memory.isPresent() ? OptionalLong.of(memory.get().total()) : OptionalLong.empty();
    }

    private Optional<Reading.Known> known(GpuId card) {
        return desk.reading(card).filter(Reading.Known.class::isInstance).map(Reading.Known.class::cast);
    }

    /** By its processes where the driver tells of them; else a job that has the card alone has all that others do not. */
    private UsageSample.OfCard used(Job job, GpuId card) {
        Optional<Reading.Known> reading = known(card);
        if (reading.isEmpty()) {
            return UsageSample.OfCard.UNKNOWN;
        }
        boolean attributed = false;
        long own = 0;
        long others = 0;
        for (GpuProcess process : reading.get().processes().orElse(List.of())) {
            boolean isOwn = owners.owner(process.pid()).filter(job::equals).isPresent();
            long bytes = process.memory().orElse(0);
            own += isOwn ? bytes : 0;
            others += isOwn ? 0 : bytes;
            attributed |= isOwn && process.memory().isPresent();
        }
        OptionalLong bytes = OptionalLong.empty();
        if (attributed) {
            bytes = OptionalLong.of(own);
        } else if (job.memory.isEmpty() && reading.get().memory().isPresent()) {
            bytes = OptionalLong.of(Math.max(0, reading.get().memory().get().used() - others));
        }
        return new UsageSample.OfCard(reading.get().figures().utilisation(), bytes);
    }

    /** It ended: what was seen since its last line is written down. */
    void ended(Job job) {
        Open file = open.remove(job.dir.id());
        Optional<UsageSample> rest = file == null ? Optional.empty() : file.sampling.rest();
        if (rest.isPresent()) {
            try {
                write(job, file, rest.get());
            } catch (IOException e) {
                cannot(job, e, "it is filed without its last minutes");
            }
        }
        trouble.forget(WRITING + job.name());
    }

    /** When a look is wanted next, by the monotonic clock; {@link Engine#NEVER} while no job runs whose cards a driver tells of. */
    long nextLook(long now) throws IOException {
        long next = Engine.NEVER;
        if (!desk.isDriven()) {
            return next;
        }
        for (Job job : jobs.all()) {
            if (isSampled(job)) {
                Open file = open.get(job.dir.id());
                long due = file == null ? Sampling.FIRST : file.sampling.due();
                long at = now + TimeUnit.MILLISECONDS.toNanos(due - age(job));
                next = file != null && file.muted ? next : Math.min(next, at);
            }
        }
        return next;
    }
}
