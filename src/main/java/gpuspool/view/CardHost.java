package gpuspool.view;

import gpuspool.spool.HostNote;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The cards of one host at one look.
 *
 * @param watcher whether one serves the spool there
 * @param pid the watcher's process id, where there is one
 * @param asOf when what is said here was written down, milliseconds since 1970; empty where it was asked for just now
 * @param driver its kind and version for people; empty text where none was asked
 * @param trouble why the driver tells nothing; empty where it does, or there is none to ask
 * @param note how the cards were found, where people should know
 */
public record CardHost(
        String host,
        HostNote.Life watcher,
        OptionalLong pid,
        OptionalLong asOf,
        String driver,
        Optional<String> trouble,
        Optional<String> note,
        List<CardView> cards) {}
