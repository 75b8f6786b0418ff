package gpuspool.gpu;

import gpuspool.posix.ProcFiles;
import gpuspool.posix.ProcessFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Adds to a process on a card what {@code /proc} tells of it; names of users are kept. For one thread. */
public final class ProcessLook {
    private final Map<Long, String> names = new HashMap<>();

    /** What cannot be read, since it ended or is hidden from us, is empty. */
    public GpuProcess at(int pid, GpuProcess.Kind kind, OptionalLong memory) {
        return new GpuProcess(pid, kind, memory, user(pid), command(pid), ProcFiles.startTicks(pid));
    }

    private Optional<String> user(int pid) {
        OptionalLong uid = ProcessFacts.user(pid);
        if (uid.isEmpty()) {
            return Optional.empty();
        }
        String known = names.get(uid.getAsLong());
        return Optional.of(known != null ? known : name(pid, uid.getAsLong()));
    }

    /** By the owner of its directory, whose name the system looks up, in LDAP too. */
    private String name(int pid, long uid) {
        try {
            Map<String, Object> facts = Files.readAttributes(Path.of("/proc/" + pid), "unix:uid,owner");
            // Of a process that may not be looked into the directory is root's.
            if (((Integer) facts.get("uid")) == (int) uid) {
                String name = ((UserPrincipal) facts.get("owner")).getName();
                names.put(uid, name);
                return name;
            }
        } catch (IOException e) {
            // It ended just now: its number is as true as its name.
            return Long.toString(uid);
        }
        return Long.toString(uid);
    }

    private static Optional<String> command(int pid) {
        try {
            return Optional.of(Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .stripTrailing());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
