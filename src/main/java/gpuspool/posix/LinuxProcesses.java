package gpuspool.posix;

import com.sun.jna.Memory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The process table as {@code /proc} shows it. */
public final class LinuxProcesses implements Processes {
    private static final Path PROC = Path.of("/proc");
    private static final String COOKIE = "GPUSPOOL_COOKIE=";
    private static final Pattern COOKIE_FORM = Pattern.compile("[0-9a-f]{32}");
    private static final int START_TIME = 22 - 3;
    private static final int SESSION = 6 - 3;
    private static final int ENVIRONMENT_BYTES = 32 * 1024;
    private final Path lockDirectory;

    public LinuxProcesses(Path lockDirectory) {
        this.lockDirectory = lockDirectory;
    }

    @Override
    public List<JobProcess> ofJob(String cookie, int session) throws IOException {
        // Never by an empty cookie: that is what every process without one has, and what is found here gets killed.
        boolean known = COOKIE_FORM.matcher(cookie).matches();
        // This stands between the end of a job and the next one on its card, for each process of the machine: hence the
        // plain system calls.
        try (Memory buffer = new Memory(ENVIRONMENT_BYTES)) {
            return select(pid -> {
                int own = QuickCalls.getsid(pid);
                // Session 0: threads of the kernel, and what came into our container from outside. A job's process has
                // a session that its supervisor (born with one) or another of its processes began.
                return own != 0
                        && (session > 1 && session == own
                                || known && cookie.equals(cookieIn(environmentOf(pid, buffer))));
            });
        }
    }

    @Override
    public Optional<Belonging> belonging(int pid) {
        int session = QuickCalls.getsid(pid);
        if (session <= 1) {
            return Optional.empty();
        }
        try (Memory buffer = new Memory(ENVIRONMENT_BYTES)) {
            String cookie = cookieIn(environmentOf(pid, buffer));
            return Optional.of(new Belonging(COOKIE_FORM.matcher(cookie).matches() ? cookie : "", session));
        }
    }

    @Override
    public Optional<JobProcess> process(int pid, long startTicks) throws IOException {
        int pidfd = PidFd.open(pid);
        if (pidfd < 0) {
            return Optional.empty();
        }
        try {
            Optional<JobProcess> found = describe(pid);
            if (PidFd.hasEnded(pidfd)) {
                return Optional.empty();
            }
            // Where another user's processes are hidden it lives all the same, and nothing speaks against its being
            // this one.
            return found.isEmpty()
                    ? Optional.of(new JobProcess(pid, startTicks, 0, '?', "?"))
                    : found.filter(process -> process.startTicks() == startTicks);
        } finally {
            Fds.close(pidfd);
        }
    }

    @Override
    public List<JobProcess> holding(String lockName) throws IOException {
        Path lock = lockDirectory.resolve(lockName);
        return select(pid -> pid != ProcessHandle.current().pid() && hasOpen(pid, lock));
    }

    private static List<JobProcess> select(Predicate<Integer> wanted) throws IOException {
        List<JobProcess> found = new ArrayList<>();
        for (int pid : allPids()) {
            if (wanted.test(pid)) {
                describe(pid).ifPresent(found::add);
            }
        }
        return found;
    }

    private static List<Integer> allPids() throws IOException {
        String[] names = PROC.toFile().list();
        if (names == null) {
            throw new IOException("cannot list " + PROC);
        }
        List<Integer> pids = new ArrayList<>();
        for (String name : names) {
            if (Character.isDigit(name.charAt(0))) {
                pids.add(Integer.valueOf(name));
            }
        }
        return pids;
    }

    /** All of a process's environment; nothing where it is not ours to read. */
    private static byte[] environmentOf(int pid, Memory buffer) {
        int fd = QuickCalls.open(Fds.cString("/proc/" + pid + "/environ"), Fds.O_RDONLY | Fds.O_CLOEXEC, 0);
        if (fd < 0) {
            return new byte[0];
        }
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream(0);
            long count = QuickCalls.read(fd, buffer, buffer.size());
            while (count == buffer.size()) {
                all.writeBytes(buffer.getByteArray(0, (int) count));
                count = QuickCalls.read(fd, buffer, buffer.size());
            }
            // Cut short by an error: as good as unreadable.
            byte[] last = buffer.getByteArray(0, (int) Math.max(0, count));
            if (count < 0 || all.size() == 0) {
                return count < 0 ? new byte[0] : last;
            }
            all.writeBytes(last);
            return all.toByteArray();
        } finally {
            int unused = QuickCalls.close(fd);
        }
    }

    /** The cookie in an environment, or the empty text. */
    private static String cookieIn(byte[] environment) {
        String text = new String(environment, StandardCharsets.ISO_8859_1);
        int at = text.startsWith(COOKIE) ? 0 : text.indexOf("\0" + COOKIE) + 1;
        if (at == 0 && !text.startsWith(COOKIE)) {
            return "";
        }
        int end = text.indexOf('\0', at);
        return text.substring(at + COOKIE.length(), end < 0 ? text.length() : end);
    }

    private static boolean hasOpen(int pid, Path file) {
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path fd : fds) {
                if (pointsAt(fd, file)) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // Ended meanwhile, or another user's: neither can be one of ours that we could signal.
            return false;
        }
        return false;
    }

    private static boolean pointsAt(Path fd, Path file) throws IOException {
        try {
            return Files.readSymbolicLink(fd).equals(file);
        } catch (NoSuchFileException e) {
            // Closed since it was listed: says nothing of the others.
            return false;
        }
    }

    private static Optional<JobProcess> describe(int pid) {
        return ProcFiles.stat(pid)
                .filter(fields -> !fields[0].equals("Z") && !fields[0].equals("X"))
                .map(fields -> new JobProcess(
                        pid,
                        Long.parseLong(fields[START_TIME]),
                        Integer.parseInt(fields[SESSION]),
                        fields[0].charAt(0),
                        nameOf(pid)));
    }

    private static String nameOf(int pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            return "?";
        }
    }

    @Override
    public void signal(JobProcess process, int signal) throws IOException {
        // By pidfd, the start time read after it was got: the id may have passed to a stranger since we looked.
        int pidfd = PidFd.open(process.pid());
        if (pidfd < 0) {
            return;
        }
        try {
            var start = ProcFiles.startTicks(process.pid());
            if (start.isEmpty() || start.getAsLong() != process.startTicks()) {
                return;
            }
            PidFd.signal(pidfd, process.pid(), signal);
        } finally {
            Fds.close(pidfd);
        }
    }
}
