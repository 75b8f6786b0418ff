package gpuspool.spool;

import gpuspool.job.JobFile;
import gpuspool.job.JobId;
import gpuspool.job.JobSpec;
import gpuspool.job.Member;
import gpuspool.job.MemberName;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds a group's members in the tree. A name alone tells nothing: another group of the same stem has members of the same names. */
final class GroupRuns {
    private final Layout places;
    private final Fs fs;
    private final JobId group;

    GroupRuns(Layout places, Fs fs, JobId group) {
        this.places = places;
        this.fs = fs;
        this.group = group;
    }

    /** All job directories that are called like this member. */
    List<JobDir> of(int number) throws IOException {
        String stem = MemberName.stem(group.stem(), number);
        List<JobDir> found = new ArrayList<>();
        for (Path parent : List.of(places.running(), places.done(), places.failed())) {
            found.addAll(in(parent, fs.list(parent), stem));
        }
        return found;
    }

    /** Those of this stem among the entries of a directory. */
    static List<JobDir> in(Path parent, List<String> names, String stem) {
        List<JobDir> found = new ArrayList<>();
        for (String name : names) {
            JobId.parse(name)
                    .filter(id -> id.stem().equals(stem))
                    .ifPresent(id -> found.add(new JobDir(parent.resolve(name), id)));
        }
        return found;
    }

    /** The number that a job directory's name would have among this group's members. */
    OptionalInt number(JobId id) {
        return MemberName.number(group.stem(), id.stem());
    }

    /** Whether the job in a directory is this group's member; false where the directory is gone. */
    boolean isOurs(JobDir run) throws IOException {
        try {
            Optional<String> told = StatusFile.read(fs, run.status()).get(StatusFile.GROUP);
            if (told.isPresent()) {
                return told.get().equals(group.toString());
            }
            // Claimed a moment ago, or never understood: its own file says it.
            for (String name : fs.list(run.path())) {
                if (DroppedName.isJob(name)) {
                    return isOurs(run.file(name));
                }
            }
            return false;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        }
    }

    /** Whether a job file says that it is a member of this group; false where it is gone. */
    boolean isOurs(Path file) throws IOException {
        try {
            return member(RawNames.lastName(file), fs.read(file, Group.LARGEST))
                    .filter(member -> member.group().equals(group.toString()))
                    .isPresent();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Optional<Member> member(byte[] name, byte[] content) {
        JobFile read = DropReader.readPlainly(Escapes.escape(name), content);
        return read instanceof JobFile.Valid valid
                ? Optional.of(valid.spec()).flatMap(JobSpec::member)
                : ((JobFile.Invalid) read).member();
    }
}
