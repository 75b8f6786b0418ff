package gpuspool.spool;

import gpuspool.job.MemberName;
import gpuspool.job.SweepFile;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The directory of a sweep in {@code running/}: the files of its members lie prepared there and go into the queue one after the
 * other; {@code spool-layout.md}, section 12. To be used with its job lock held, by one thread.
 */
public final class Group {
    /** How the file of a member is called before it is released, with its number behind. */
    static final String PREPARED = "member.";

    private static final String DRAFT = "member.new";
    private static final String PROGRESS_DRAFT = "progress.new";
    private static final long SECOND = 1000;
    private static final int COMMON_MODE = 0644;

    /** Of a job file: above what any setting lets in. */
    static final int LARGEST = Integer.MAX_VALUE;

    private final Layout places;
    private final Fs fs;
    private final JobDir dir;
    private final DropReader snapshot;
    private final boolean synced;
    private Optional<SweepFile> sweep = Optional.empty();
    private int mode;

    /** @param synced whether all is synced, or only the member files themselves */
    public Group(Layout places, Fs fs, JobDir dir, DropReader snapshot, boolean synced) {
        this.places = places;
        this.fs = fs;
        this.dir = dir;
        this.snapshot = snapshot;
        this.synced = synced;
    }

    /**
     * Makes a claimed sweep an open group, or makes sure that one that was found is safe: from here on no power cut can bring its
     * dropped file back into the queue, so its members may go.
     */
    public void open() throws IOException {
        JobDir.Contents contents = dir.look(fs);
        read(contents);
        if (contents.mark().kind() == Mark.Kind.TOKEN) {
            for (String name : contents.names()) {
                if (name.equals(JobDir.SCRIPT) || name.equals(JobDir.STATUS) || DroppedName.isJob(name)) {
                    sync(dir.file(name));
                }
            }
            if (prepared().isEmpty()) {
                prepare(1);
            }
            fs.rename(dir.file(Mark.TOKEN), dir.file(Mark.GROUP));
        } else {
            layGhosts();
        }
        sync(dir.path());
        sync(places.running());
        sync(places.incoming());
    }

    private void read(JobDir.Contents contents) throws IOException {
        String name = contents.status().get("name").orElse("");
        sweep = snapshot.sweep(name, fs.read(dir.file(JobDir.SCRIPT), LARGEST));
        if (sweep.isEmpty()) {
            throw new IOException(dir.file(JobDir.SCRIPT) + " is not the sweep any more that was dropped as " + name);
        }
        Optional<String> dropped = contents.droppedName();
        Path model = dir.file(dropped.orElse(JobDir.SCRIPT));
        mode = fs.look(model).map(FileFacts::mode).orElse(COMMON_MODE);
    }

    private void sync(Path path) throws IOException {
        if (synced) {
            fs.sync(path);
        }
    }

    public SweepFile sweep() {
        return sweep.orElseThrow();
    }

    /** The numbers of the members that lie prepared, in order. */
    public List<Integer> prepared() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : fs.list(dir.path())) {
            OptionalInt number = name.startsWith(PREPARED)
                    ? MemberName.number(name.substring(PREPARED.length()))
                    : OptionalInt.empty();
            number.ifPresent(numbers::add);
        }
        numbers.sort(null);
        return numbers;
    }

    private Path file(int number) {
        return dir.file(PREPARED + MemberName.digits(number));
    }

    /** Writes the file of a member: when this returns it is there, whole, also after a power cut. */
    public void prepare(int number) throws IOException {
        Path draft = dir.file(DRAFT);
        if (fs.look(draft).isPresent()) {
            // Half a file; or, after a power cut, a second name of a whole one.
            Removal.ofGhost(places, draft, fs);
        }
        fs.create(draft, sweep().member(dir.id().toString(), number));
        FileFacts facts = fs.look(draft).orElseThrow(() -> new IOException(draft + " was removed meanwhile"));
        // Older than the name it is about to get: that shows a watcher that it is complete.
        fs.dress(draft, mode, FileTime.fromMillis(facts.modified().toMillis() - SECOND));
        fs.sync(draft);
        fs.rename(draft, file(number));
        sync(dir.path());
    }

    /** Where a member comes to lie in the queue. */
    public Path place(int number) {
        return places.incoming().resolve(MemberName.file(dir.id().stem(), number));
    }

    /**
     * Lets a member go into the queue.
     *
     * @return where it lies there; empty when the name is taken there
     * @throws IOException when it could not be moved for another reason
     */
    public Optional<Path> release(int number) throws IOException {
        Path target = place(number);
        if (fs.look(target).isPresent()) {
            return Optional.empty();
        }
        Optional<IOException> error = Fs.attempt(() -> fs.renameToFree(file(number), target));
        if (fs.look(file(number)).isPresent()) {
            if (fs.look(target).isPresent()) {
                return Optional.empty();
            }
            throw error.orElseGet(() -> new IOException(file(number) + " is still where it was"));
        }
        sync(places.incoming());
        sync(dir.path());
        return Optional.of(target);
    }

    /** After a power cut a member that was released may still have its name here: the same inode, perhaps far on its way by now. */
    private void layGhosts() throws IOException {
        for (int number : prepared()) {
            String identity = fs.look(file(number)).map(FileFacts::identity).orElse("");
            String name = MemberName.file(dir.id().stem(), number);
            List<Path> found = new ArrayList<>(
                    List.of(places.incoming().resolve(name), places.held().resolve(name)));
            for (JobDir run : new GroupRuns(places, fs, dir.id()).of(number)) {
                found.add(run.file(name));
            }
            for (Path place : found) {
                if (fs.look(place).map(FileFacts::identity).orElse("gone").equals(identity)) {
                    Removal.ofGhost(places, file(number), fs);
                    break;
                }
            }
        }
    }

    /** Says how far it has come; for people. */
    public void tell(String progress) throws IOException {
        Path draft = dir.file(PROGRESS_DRAFT);
        fs.overwrite(draft, (progress + "\n").getBytes(StandardCharsets.UTF_8));
        fs.rename(draft, dir.file(JobDir.PROGRESS));
    }
}
