package gpuspool.spool;

import gpuspool.job.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The records in {@code done/} and {@code failed/}, one after the other: there may be years of them. */
public final class FiledRecords {
    private final Layout places;

    public FiledRecords(Layout places) {
        this.places = places;
    }

    /** Shown every record in turn. */
    public interface Visitor {
        /** @return false to be shown no more */
        boolean visit(Filed record) throws IOException;
    }

    /** Shows all that lie there, in no order. What is not a directory with a job's id for a name is nobody's and is passed over. */
    public void each(List<Where> wheres, Visitor visitor) throws IOException {
        boolean[] over = new boolean[1];
        for (Where where : wheres) {
            Listing.select(where.in(places), entry -> {
                Optional<JobId> id = over[0]
                        ? Optional.empty()
                        : JobId.parse(entry.getFileName().toString());
                if (id.isPresent() && isDirectory(entry)) {
                    over[0] = !visitor.visit(new Filed(id.get(), where, entry));
                }
                return false;
            });
        }
    }

    private static boolean isDirectory(Path entry) {
        return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
    }

    /** How many there are. */
    public long count(List<Where> wheres) throws IOException {
        long[] count = new long[1];
        each(wheres, record -> {
            count[0]++;
            return true;
        });
        return count[0];
    }
}
