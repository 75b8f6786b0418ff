package gpuspool.spool;

import gpuspool.job.Foreground;
import gpuspool.job.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A job in {@code running/} that has cards. All texts are escaped.
 *
 * @param cards their words, as in {@code status}
 * @param memory bytes of each that it was promised, where it shares them
 * @param owner the numeric user id of the dropped file's owner, where known
 * @param state for people, such as {@code running}
 * @param millis how long it has run, or since it was claimed
 * @param cookie what its processes have in their environment; empty where it is not known
 * @param session that of its processes, where known
 * @param process the process that it runs in the foreground of, with its start time; empty for all others
 */
public record CardUse(
        JobId id,
        List<String> cards,
        OptionalLong memory,
        OptionalInt owner,
        String state,
        OptionalLong millis,
        String cookie,
        OptionalLong session,
        Optional<Foreground> process) {

    /** All of them, on all hosts; in no order. */
    public static List<CardUse> readAll(Layout places, Looker looker, Fs fs, long nowMillis) throws IOException {
        List<CardUse> uses = new ArrayList<>();
        for (Path path : Listing.of(places.running())) {
            Optional<JobId> id = JobId.parse(path.getFileName().toString());
            Optional<RunLook> look =
                    id.isPresent() ? RunLook.at(path, id.get(), Where.RUNNING, looker, fs) : Optional.empty();
            if (look.isPresent()) {
                StatusFile status = look.get().contents().status();
                String devices = status.get("devices").orElse("");
                if (!devices.isEmpty()) {
                    uses.add(new CardUse(
                            id.get(),
                            List.of(devices.split(" ")),
                            status.number("gpu_mem"),
                            status.owner(),
                            look.get().state(),
                            look.get().elapsed(looker, nowMillis),
                            status.get("cookie").orElse(""),
                            status.number("job_pid"),
                            Foreground.recorded(id.get().host(), status.words(StatusFile.FOREGROUND))));
                }
            }
        }
        return uses;
    }
}
