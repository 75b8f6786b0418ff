package gpuspool.watch;

import gpuspool.chaos.Ledger;
import gpuspool.chaos.Tree;
import gpuspool.posix.JobProcess;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import gpuspool.posix.Processes;
import gpuspool.spool.JobDir;
import gpuspool.spool.Mark;
import gpuspool.supervise.JobEnvironment;
import gpuspool.supervise.Launcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine without surprises: locks and processes are objects, and a supervisor does one thing at a time, when told to. What it
 * does to the tree is what the real one does, by open files that follow a renamed directory.
 */
final class SimWorld implements World {
    /** Above every process id that a kernel gives, so that nothing real is ever meant. */
    private static final int FIRST_PID = 5_000_000;
    /** Lives here too and has nothing to do with any job: no environment of its own that could be read. */
    static final JobProcess STRANGER = new JobProcess(FIRST_PID - 1, 1, FIRST_PID - 1, 'S', "stranger");

    private static final String STRANGERS_COOKIE = "00000000000000000000000000000000";

    private static final Pattern TOKEN = Pattern.compile("(?m)^t=(.+)$");
    private static final Pattern FIRST_FAILURE = Pattern.compile("(?m)" + FaultBed.FIRST_FAILURE + "([0-9]+)$");
    private static final Pattern EXIT = Pattern.compile("(?m)^exit ([0-9]+)$");

    /** What is told of files that supervisors write. */
    interface Witness {
        /** A supervisor has it open for writing from now on, made if it was not there. */
        void opened(Path file);

        void wrote(Path asItWasOpened, long offset, byte[] bytes);

        /** The job's first instruction is carried out. */
        void began(String token);
    }

    private static final int SIGTERM = 15;
    private static final int SIGCONT = 18;

    private final Ledger ledger;
    private final JumpingClock clock = new JumpingClock();
    private final Map<String, OpenFile> lockFiles = new HashMap<>();
    private final List<Child> children = new ArrayList<>();
    private final List<SimTaker> takers = new ArrayList<>();
    private final List<String> strangersHurt = new ArrayList<>();
    private final Set<String> began = new HashSet<>();
    private Optional<Witness> witness = Optional.empty();
    private int nextPid = FIRST_PID;
    private long time = 1;

    /** Mutations of the launcher. */
    boolean inheritsLocks = true;

    boolean exclusiveStartMark = true;

    /** So many supervisors end before the job's first instruction: no process more is allowed, say. */
    int supervisorsThatFall;

    SimWorld(Ledger ledger) {
        this.ledger = ledger;
    }

    void tell(Witness to) {
        witness = Optional.of(to);
    }

    // --- locks ---

    /** An open lock file: locked as long as somebody has it open. */
    private static final class OpenFile {
        private final String name;
        private int holders;
        private boolean shared;

        OpenFile(String name) {
            this.name = name;
        }
    }

    private void release(OpenFile file) {
        if (--file.holders == 0) {
            lockFiles.remove(file.name, file);
        }
    }

    private final class SimLock implements Lock {
        private final OpenFile file;
        private boolean closed;

        SimLock(OpenFile file) {
            this.file = file;
        }

        @Override
        public int fd() {
            throw new AssertionError("not a descriptor");
        }

        @Override
        public boolean share() {
            file.shared = true;
            return true;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                release(file);
            }
        }

        @Override
        public void retire() {
            lockFiles.remove(file.name, file);
            close();
        }
    }

    @Override
    public Locks locks() {
        return new Locks() {
            @Override
            public Path path() {
                return Path.of("/simulated");
            }

            @Override
            public String id() {
                return "0123456789abcdef0123456789abcdef";
            }

            @Override
            public Optional<Lock> tryLock(String name) {
                if (lockFiles.containsKey(name)) {
                    return Optional.empty();
                }
                return Optional.of(grab(name));
            }

            @Override
            public Optional<Lock> tryShare(String name) {
                OpenFile file = lockFiles.computeIfAbsent(name, OpenFile::new);
                if (file.holders > 0 && !file.shared) {
                    return Optional.empty();
                }
                file.shared = true;
                file.holders++;
                return Optional.of(new SimLock(file));
            }
        };
    }

    /** A lock whatever the others have: for watchers that take none. */
    Lock grab(String name) {
        OpenFile file = new OpenFile(name);
        file.holders = 1;
        lockFiles.putIfAbsent(name, file);
        return new SimLock(file);
    }

    // --- processes ---

    private enum Act {
        PID,
        GO,
        BEGIN,
        OUTPUT,
        FINISH,
        EXIT,
        DIE
    }

    private static final List<Act> LIFE = List.of(Act.values());

    /** A supervisor and the job under it. */
    private final class Child {
        private final int pid = nextPid++;
        private final int jobPid = nextPid++;
        private final Launcher.Launch launch;
        private final List<OpenFile> inherited = new ArrayList<>();
        private final List<Inbox> told = new ArrayList<>();
        private final Path markPath;
        private final FileChannel mark;
        private final Path outputPath;
        private final FileChannel output;
        private final String token;
        private int code;
        /** Works until it is told to end. */
        private boolean endless;

        private int next;
        private boolean dead;

        Child(Launcher.Launch launch) throws IOException {
            this.launch = launch;
            Path directory = launch.dir().path();
            Path started = directory.resolve(Mark.STARTED);
            markPath = Files.exists(started) ? started : directory.resolve(Mark.TOKEN);
            mark = FileChannel.open(markPath, StandardOpenOption.WRITE);
            outputPath = directory.resolve(JobDir.OUTPUT);
            output = FileChannel.open(
                    outputPath,
                    StandardOpenOption.WRITE,
                    exclusiveStartMark ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
            witness.ifPresent(w -> {
                w.opened(markPath);
                w.opened(outputPath);
            });
            String script = Files.readString(
                    Path.of(launch.command().get(launch.command().size() - 1)), StandardCharsets.UTF_8);
            token = find(TOKEN, script).orElse("garbage");
            code = find(EXIT, script).map(Integer::valueOf).orElse(0);
            boolean later = ledger.read().events().stream()
                    .anyMatch(event -> event.token().equals(token));
            if (!later) {
                code = find(FIRST_FAILURE, script).map(Integer::valueOf).orElse(code);
            }
            endless = script.contains("sleep infinity") && !(later && script.contains(FaultBed.FIRST_RUN));
        }

        boolean waits() {
            return endless && act() == Act.FINISH;
        }

        /** TERM, from somebody who may: this job was cancelled, or is to run again. */
        boolean takes(int signal) throws IOException {
            boolean stopped = Files.exists(launch.dir().file(JobDir.CANCEL))
                    || Tree.status(launch.dir().path()).containsKey("again");
            if (!stopped || signal != SIGTERM && signal != SIGCONT) {
                return false;
            }
            if (endless) {
                endless = false;
                code = 128 + SIGTERM;
                next = LIFE.indexOf(Act.EXIT);
            }
            return true;
        }

        private Act act() {
            return LIFE.get(next);
        }

        void step() throws IOException {
            switch (act()) {
                case PID -> write(mark, markPath, "pid=" + pid + "\n");
                case GO -> {
                    if (supervisorsThatFall > 0) {
                        supervisorsThatFall--;
                        die();
                        return;
                    }
                    write(mark, markPath, "go " + jobPid + "\n");
                }
                case BEGIN -> {
                    began.add(token);
                    witness.ifPresent(w -> w.began(token));
                    note(Ledger.START);
                }
                case OUTPUT -> write(output, outputPath, "hello " + token + "\n");
                case FINISH -> note(Ledger.END);
                case EXIT -> write(mark, markPath, "exit=" + code + " end\n");
                case DIE -> die();
                default -> throw new AssertionError(act());
            }
            next++;
        }

        private void write(FileChannel to, Path path, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            long at = to.position();
            to.write(ByteBuffer.wrap(bytes));
            witness.ifPresent(w -> w.wrote(path, at, bytes));
        }

        private void note(String what) throws IOException {
            SimWorld.this.note(
                    what,
                    variable("GPUSPOOL_ID").orElse("?"),
                    variable("GPUSPOOL_GPUS").orElse(""),
                    token);
        }

        Optional<String> variable(String name) {
            return launch.environment().stream()
                    .filter(line -> line.startsWith(name + "="))
                    .map(line -> line.substring(name.length() + 1))
                    .findFirst();
        }

        void die() throws IOException {
            dead = true;
            mark.close();
            output.close();
            inherited.forEach(SimWorld.this::release);
            told.forEach(inbox -> inbox.put(new Inbox.ProcessEnded(pid)));
        }

        List<JobProcess> processes() {
            List<JobProcess> found = new ArrayList<>();
            if (!dead) {
                found.add(new JobProcess(pid, pid, pid, 'S', "sh"));
                if (EnumSet.range(Act.BEGIN, Act.FINISH).contains(act())) {
                    found.add(new JobProcess(jobPid, jobPid, jobPid, 'S', "job"));
                }
            }
            return found;
        }
    }

    private static Optional<String> find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    @Override
    public Launcher launcher() {
        return launch -> {
            Child child = new Child(launch);
            if (inheritsLocks) {
                for (Lock lock : launch.locks()) {
                    if (own(lock) instanceof SimLock held) {
                        held.file.holders++;
                        child.inherited.add(held.file);
                    }
                }
            }
            children.add(child);
            return child.pid;
        };
    }

    private static Lock own(Lock lock) {
        return lock instanceof Seams.MeddledLock meddled ? meddled.own() : lock;
    }

    @Override
    public Processes processes() {
        return new Processes() {
            @Override
            public List<JobProcess> ofJob(String cookie, int session) {
                List<JobProcess> found = new ArrayList<>();
                for (Child child : children) {
                    boolean own =
                            child.variable(JobEnvironment.COOKIE).orElse("").equals(cookie);
                    child.processes().stream()
                            .filter(process -> own || session > 0 && process.session() == session)
                            .forEach(found::add);
                }
                if (session == STRANGER.session() || cookie.equals(STRANGERS_COOKIE)) {
                    found.add(STRANGER);
                }
                return found;
            }

            @Override
            public List<JobProcess> holding(String lockName) {
                return children.stream()
                        .filter(child -> child.inherited.stream().anyMatch(file -> file.name.equals(lockName)))
                        .flatMap(child -> child.processes().stream())
                        .toList();
            }

            @Override
            public Optional<JobProcess> process(int pid, long startTicks) {
                return takers.stream()
                        .filter(taker -> taker.pid == pid && startTicks == pid)
                        .findFirst()
                        .flatMap(SimTaker::process);
            }

            @Override
            public Optional<Belonging> belonging(int pid) {
                return children.stream()
                        .flatMap(child -> child.processes().stream()
                                .filter(process -> process.pid() == pid)
                                .map(process -> new Belonging(
                                        child.variable(JobEnvironment.COOKIE).orElse(""), process.session())))
                        .findFirst();
            }

            @Override
            public void signal(JobProcess process, int signal) throws IOException {
                boolean taken = false;
                for (Child child : children) {
                    taken |= child.jobPid == process.pid() && child.takes(signal);
                }
                for (SimTaker taker : takers) {
                    taken |= taker.pid == process.pid() && taker.takes(signal);
                }
                if (!taken) {
                    strangersHurt.add(process.name() + " " + process.pid() + " got signal " + signal);
                }
            }
        };
    }

    /** Nobody here leaves anything behind: who gets a signal and was not cancelled got it by mistake. */
    List<String> hurt() {
        return strangersHurt;
    }

    @Override
    public Edges.Exits exits(Inbox inbox) {
        return pid -> {
            for (Child child : children) {
                if (child.pid == pid && !child.dead) {
                    child.told.add(inbox);
                    return;
                }
            }
            for (SimTaker taker : takers) {
                if (taker.pid == pid && !taker.isDead()) {
                    taker.told.add(inbox);
                    return;
                }
            }
            inbox.put(new Inbox.ProcessEnded(pid));
        };
    }

    @Override
    public Clocks clocks() {
        return clock;
    }

    /** Each living supervisor does one thing. */
    boolean step() {
        boolean moved = false;
        for (Child child : List.copyOf(children)) {
            if (!child.dead && !child.waits()) {
                try {
                    child.step();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                moved = true;
            }
        }
        for (SimTaker taker : takers) {
            try {
                moved |= taker.step();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return moved;
    }

    /** A process that asks for cards. */
    SimTaker taker(Path spool, String name, String token, int gpus, boolean endless) {
        SimTaker taker = new SimTaker(this, spool, name, token, gpus, endless, nextPid++);
        takers.add(taker);
        return taker;
    }

    /** What a process says of itself. */
    void note(String what, String id, String cards, String token) throws IOException {
        String line = what + " " + id + " " + (cards.isEmpty() ? "-" : cards) + " " + time++ + " " + token + "\n";
        Files.writeString(ledger.file(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Until all have ended. */
    void finish() {
        while (step()) {
            // Each goes one further.
        }
    }

    boolean hasBegun(String token) {
        return began.contains(token);
    }

    @Override
    public boolean live(Inbox inbox) {
        return step();
    }

    @Override
    public void advanceTo(long nanos) {
        clock.advanceTo(nanos);
    }

    /** Every supervisor is killed, and its job with it. */
    void killAll() throws IOException {
        for (Child child : children) {
            if (!child.dead) {
                child.die();
            }
        }
        takers.stream().filter(taker -> !taker.isDead()).forEach(SimTaker::die);
    }

    /** The machine stops: every process is gone, and with them all locks. */
    void powerOff() {
        for (Child child : children) {
            if (!child.dead) {
                try {
                    child.told.clear();
                    child.die();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        children.clear();
        lockFiles.clear();
    }

    @Override
    public void close() {
        powerOff();
    }
}
