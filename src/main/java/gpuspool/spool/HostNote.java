package gpuspool.spool;

import gpuspool.posix.FileFacts;
import gpuspool.posix.ProcFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one host's watcher tells in {@code hosts/<host>/}, and whether it can be believed.
 *
 * @param host its name
 * @param watcher the facts of its file {@code watcher}; without facts where there is none
 * @param life whether that watcher lives
 */
public record HostNote(String host, Path directory, StatusFile watcher, Life life) {
    public enum Life {
        ALIVE,
        GONE,
        /** Another host's: nobody can tell from here. */
        NOT_KNOWN
    }

    /** Every host that ever had a watcher here; the own one first, then by name. */
    public static List<HostNote> readAll(Layout places, Looker looker) throws IOException {
        List<HostNote> notes = new ArrayList<>();
        for (Path directory : Listing.of(places.hosts())) {
            HostNote note = read(directory, looker);
            int at = 0;
            while (at < notes.size() && !note.comesBefore(notes.get(at), looker)) {
                at++;
            }
            notes.add(at, note);
        }
        return notes;
    }

    private boolean comesBefore(HostNote other, Looker looker) {
        return host.equals(looker.host()) || !other.host.equals(looker.host()) && host.compareTo(other.host) < 0;
    }

    private static HostNote read(Path directory, Looker looker) throws IOException {
        String host = directory.getFileName().toString();
        StatusFile facts = StatusFile.parse(bytesOf(HostFiles.watcherFile(directory)));
        return new HostNote(host, directory, facts, life(host, facts, looker));
    }

    private static byte[] bytesOf(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private static Life life(String host, StatusFile facts, Looker looker) {
        if (facts.facts().isEmpty()) {
            return Life.GONE;
        }
        if (!host.equals(looker.host())) {
            return Life.NOT_KNOWN;
        }
        return lives(facts, looker.boot()) ? Life.ALIVE : Life.GONE;
    }

    private static boolean lives(StatusFile facts, String boot) {
        OptionalLong pid = facts.number("pid");
        OptionalLong start = facts.number("pid_start");
        return boot.equals(facts.get("boot").orElse(""))
                && pid.isPresent()
                && start.isPresent()
                && ProcFiles.isAlive(pid.getAsLong(), start.getAsLong());
    }

    /** Whether its watcher is a living process of this machine, whatever the machine was called when it began. */
    public boolean livesIn(String boot) {
        return lives(watcher, boot);
    }

    /** Whether its watcher lives, as far as can be told from here. */
    public boolean mayLive() {
        return life != Life.GONE;
    }

    /** Whether it is known which cards the watcher has. */
    public boolean knowsDevices() {
        return watcher.get("devices").isPresent();
    }

    /** Their numbers in the same order, {@code -} where one has none; empty where they are not written down. */
    public List<String> indices() {
        return watcher.words("indices");
    }

    /** The watcher's cards in the words of {@code status}; empty for none. */
    public List<String> devices() {
        return watcher.words("devices");
    }

    /**
     * Why jobs wait, as the watcher last wrote it.
     *
     * @param asOf milliseconds since 1970; empty where it never wrote any
     * @param byName the reason for each job, by its dropped file's escaped name or its id, in the watcher's order
     */
    public record Reasons(OptionalLong asOf, Map<String, String> byName) {}

    public Reasons reasons() throws IOException {
        String text = new String(bytesOf(HostFiles.waitingFile(directory)), StandardCharsets.UTF_8);
        Map<String, String> byName = new LinkedHashMap<>();
        OptionalLong asOf = OptionalLong.empty();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            int tab = text.indexOf('\t', start);
            if (start == 0 && text.startsWith(AS_OF)) {
                asOf = Times.parse(text.substring(AS_OF.length(), end));
            } else if (tab >= 0 && tab < end) {
                byName.put(text.substring(start, tab), text.substring(tab + 1, end));
            }
            start = end + 1;
        }
        return new Reasons(asOf, byName);
    }

    /** Whether all that the watcher says is that others may run the job: {@code spool-layout.md}, section 11.4. */
    public static boolean isForOthers(String reason) {
        return reason.startsWith("for host ") || reason.startsWith("for hosts ");
    }

    /** What the first of these hosts that tells of a job says: why it waits. */
    public static Optional<String> reason(List<HostNote> hosts, String name) throws IOException {
        for (HostNote host : hosts) {
            String reason = host.reasons().byName().get(name);
            if (reason != null) {
                return Optional.of(reason);
            }
        }
        return Optional.empty();
    }

    /** What the operator should know now, as the watcher last wrote it; a line each. */
    public List<String> attention() throws IOException {
        String text = new String(bytesOf(HostFiles.attentionFile(directory)), StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
            lines.add(text.substring(start, end));
            start = end + 1;
        }
        return lines;
    }

    /**
     * When its watcher last changed something here, in milliseconds since 1970, as far as its files can tell: after that it lived, and
     * where it removed its own note that was when. Empty where there is nothing of it.
     */
    public OptionalLong lastWrote() throws IOException {
        long last = Long.MIN_VALUE;
        for (Path file : List.of(
                directory,
                HostFiles.watcherFile(directory),
                HostFiles.waitingFile(directory),
                HostFiles.cardsFile(directory),
                HostFiles.attentionFile(directory))) {
            Optional<FileFacts> facts = FileFacts.of(file);
            if (facts.isPresent()) {
                last = Math.max(last, facts.get().modified().toMillis());
            }
        }
        return last == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(last);
    }

    /** Which machine watched under this name last; empty where that is not known. */
    public Optional<String> machine() throws IOException {
        Optional<String> told = watcher.get("machine");
        String kept = new String(bytesOf(HostFiles.machineFile(directory)), StandardCharsets.UTF_8).strip();
        return told.isPresent() || kept.isEmpty() ? told : Optional.of(kept);
    }

    private static final String AS_OF = "as of ";
}
