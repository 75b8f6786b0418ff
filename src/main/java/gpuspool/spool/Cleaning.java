package gpuspool.spool;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Throws away records of ended jobs: out of sight by a rename into {@code tmp/}, then deleted. Several share one fsync between the
 * two, so that a power cut, too, leaves a record whole or takes it whole. Nothing in {@code running/} is ever touched.
 */
public final class Cleaning {
    private static final int TOGETHER = 1000;
    private static final Duration IN_THE_MAKING = Duration.ofMinutes(1);

    /** Told how it goes; all of it on the caller's thread. */
    public interface Listener {
        /** One more record was asked for its age only, so as to find the newest. */
        default void dated() {}

        /** One more record was looked at, or asked for by its name. */
        default void looked() {}

        /** A file of so many bytes was deleted. */
        default void deleted(long bytes) {}

        /** A record is gone; with a dry run: would be. */
        default void removed(Filed record, OptionalLong ended) {}

        /** A record could not be looked at or removed whole. */
        void failed(String what, IOException why);

        /** Asked now and then. @return false to stop here */
        default boolean goOn() {
            return true;
        }
    }

    private final Layout places;
    private final Fs fs;
    private final Listener listener;
    private final boolean dryRun;
    private final List<Doomed> batch = new ArrayList<>();

    private record Doomed(Filed record, OptionalLong ended) {}

    public Cleaning(Layout places, Fs fs, Listener listener, boolean dryRun) {
        this.places = places;
        this.fs = fs;
        this.listener = listener;
        this.dryRun = dryRun;
    }

    /**
     * Removes the records of jobs that ended at least so long ago, but for the newest.
     *
     * @param newest so many records of these places stay whatever their age
     * @param now milliseconds since 1970
     */
    public void removeOld(List<Where> wheres, Duration age, int newest, long now) throws IOException {
        FiledRecords records = new FiledRecords(places);
        NewestTimes times = new NewestTimes(newest);
        if (newest > 0) {
            records.each(wheres, record -> {
                // What cannot be read is told of below: it stays, and is none of those counted here.
                try {
                    record.ended(fs).ifPresent(times::add);
                } catch (IOException e) {
                    return listener.goOn();
                }
                listener.dated();
                return listener.goOn();
            });
        }
        Retention retention = new Retention(now, age, times.earliest());
        records.each(wheres, record -> {
            consider(record, retention, now);
            listener.looked();
            return listener.goOn();
        });
        removeBatch();
    }

    private void consider(Filed record, Retention retention, long now) {
        try {
            OptionalLong ended = record.ended(fs);
            if (ended.isPresent()
                    && retention.isOver(ended.getAsLong())
                    && !isInTheMaking(record, ended.getAsLong(), now)) {
                add(new Doomed(record, ended));
            }
        } catch (IOException e) {
            listener.failed(record.place(), e);
        }
    }

    /** Whether somebody may be about to cancel a queued job: its file comes into the directory last. */
    private boolean isInTheMaking(Filed record, long ended, long now) throws IOException {
        return now - ended < IN_THE_MAKING.toMillis()
                && fs.list(record.path()).stream().noneMatch(DroppedName::isJob);
    }

    /** Removes these, whatever their age. One that is gone already is not told of. */
    public void remove(List<Filed> records) {
        for (Filed record : records) {
            add(new Doomed(record, OptionalLong.empty()));
            listener.looked();
        }
        removeBatch();
    }

    private void add(Doomed doomed) {
        batch.add(doomed);
        if (batch.size() >= TOGETHER) {
            removeBatch();
        }
    }

    private void removeBatch() {
        if (dryRun) {
            batch.forEach(doomed -> listener.removed(doomed.record, doomed.ended));
        } else if (!batch.isEmpty()) {
            List<Path> hidden = new ArrayList<>();
            List<Doomed> gone = new ArrayList<>();
            for (Doomed doomed : batch) {
                hide(doomed, hidden, gone);
            }
            // Else they are deleted by the next who tidies up.
            if (sync()) {
                for (int i = 0; i < hidden.size(); i++) {
                    delete(hidden.get(i), gone.get(i));
                }
            }
        }
        batch.clear();
    }

    private void hide(Doomed doomed, List<Path> hidden, List<Doomed> gone) {
        Path from = doomed.record.path();
        try {
            Path place = TreeDeletion.doomed(places, doomed.record.id().toString());
            // A directory's new parent is written into it.
            TreeDeletion.open(from);
            fs.rename(from, place);
            hidden.add(place);
            gone.add(doomed);
        } catch (NoSuchFileException e) {
            // Somebody else was first.
        } catch (IOException e) {
            listener.failed(doomed.record.place(), e);
        }
    }

    /** Whether what was renamed stays renamed whatever happens. */
    private boolean sync() {
        try {
            for (Path parent : List.of(places.tmp(), places.done(), places.failed())) {
                fs.sync(parent);
            }
            return true;
        } catch (IOException e) {
            listener.failed(places.tmp().toString(), e);
            return false;
        }
    }

    private void delete(Path place, Doomed doomed) {
        try {
            new TreeDeletion(places, fs, listener::deleted).delete(place);
            listener.removed(doomed.record, doomed.ended);
        } catch (IOException e) {
            listener.failed(place.toString(), e);
        }
    }

    /**
     * Deletes what was taken out of sight and not deleted, because whoever did it was killed. Should somebody still be at it, both
     * delete the same.
     */
    public void removeLeftovers() throws IOException {
        Listing.select(places.tmp(), entry -> {
            if (Removal.isLeftOfClean(entry.getFileName().toString())) {
                try {
                    new TreeDeletion(places, fs, listener::deleted).delete(entry);
                } catch (IOException e) {
                    listener.failed(entry.toString(), e);
                }
            }
            return false;
        });
    }
}
