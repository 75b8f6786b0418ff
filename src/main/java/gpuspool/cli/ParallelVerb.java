package gpuspool.cli;

import gpuspool.config.SettingKey;
import gpuspool.config.SettingOption;
import gpuspool.config.Settings;
import gpuspool.gpu.BadDeviceListException;
import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.job.JobKey;
import gpuspool.parallel.Given;
import gpuspool.parallel.Halt;
import gpuspool.parallel.Order;
import gpuspool.parallel.OutputMode;
import gpuspool.parallel.Session;
import gpuspool.parallel.Tasks;
import gpuspool.spool.HostNote;
import gpuspool.spool.Spool;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool parallel}: many commands, each on GPUs of its own, without a spool or a watcher that was there before. */
final class ParallelVerb extends Verb {
    /** More commands at once, or GPUs for each, are a slip of the finger. */
    private static final int MOST = 10_000;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description =
                    "a FILE of commands, one a line (default: stdin); or a command that arguments are put into, by lines or behind :::")
    private List<String> words = List.of();

    @Option(
            names = {"-n", "--gpus"},
            paramLabel = "N",
            description = "how many GPUs each command gets; 0 for none (default: 1)")
    private int gpus = 1;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description =
                    "at most so many at once (default: as many as there are GPUs for; without GPU one for each processor)")
    private Integer jobs;

    @Option(
            names = "--devices",
            paramLabel = "LIST",
            description = "which GPUs: 0,1 or UUIDs, or sim:4 for four simulated ones (default: all)")
    private String devices;

    @Option(
            names = "--min-free-mem",
            paramLabel = "SIZE",
            description = "GPU memory that must be free on a card, such as 20GiB")
    private String minFreeMem;

    @Option(
            names = {"-a", "--arg-file"},
            paramLabel = "FILE",
            description = "read lines from there instead of stdin")
    private String argFile;

    @Option(
            names = "--output",
            paramLabel = "HOW",
            description =
                    "group: what a command printed, when it has ended (default); line: line by line, as it comes; none: not at all")
    private String output = "group";

    @Option(
            names = {"-k", "--keep-order"},
            description = "show what they print in the order of the input")
    private boolean keepOrder;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "keep what they print: DIR/SEQ/stdout and DIR/SEQ/stderr")
    private Path results;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "run a command that fails up to N times in all (default: 1)")
    private int retries = 1;

    @Option(names = "--timeout", paramLabel = "TIME", description = "stop a command after so long, such as 2h")
    private String timeout;

    @Option(
            names = "--halt",
            paramLabel = "WHEN",
            description =
                    "never (default); soon,fail=3: start no more once 3 failed; now,fail=1: stop what runs, too; also success=, done=, and N%%")
    private String halt = "never";

    @Option(
            names = "--joblog",
            paramLabel = "FILE",
            description = "a line for each that ended, as GNU parallel writes it")
    private Path jobLog;

    @Option(names = "--resume", description = "leave out what the joblog tells of")
    private boolean resume;

    @Option(names = "--resume-failed", description = "the same, but run again what failed")
    private boolean resumeFailed;

    @Option(names = "--dry-run", description = "print the commands and run none")
    private boolean dryRun;

    @Option(names = "--quiet", description = "do not tell what starts and ends; only what fails")
    private boolean quiet;

    @Option(
            names = "--lock-dir",
            paramLabel = "DIR",
            description = "where locks live, on this host (default: as for watch)")
    private Path lockDir;

    ParallelVerb(Invocation call) {
        super(call);
    }

    private boolean inSpool() {
        return !spoolOption().isEmpty();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Given given = given();
        Order order = order();
        try (InputStream in = input(given)) {
            Tasks tasks = given.tasks(in);
            Session session = new Session(order, tasks, new ParallelScreen(call), fs);
            if (dryRun) {
                session.print();
                return ExitStatus.OK.code;
            }
            return inSpool()
                    ? inSpool(session)
                    : new ParallelAlone(call, this::say, gpus, jobs, asSettings()).run(session);
        } catch (BadDeviceListException e) {
            say(e.getMessage());
            return ExitStatus.USAGE.code;
        }
    }

    private Given given() {
        List<String> all = parsed().commandLine().getParseResult().originalArgs();
        int before = all.size() - words.size() - 1;
        boolean dashes = before >= 0 && all.get(before).equals("--");
        try {
            return Given.of(words, dashes, Optional.ofNullable(argFile));
        } catch (Given.Misunderstood e) {
            throw usage(e.getMessage());
        }
    }

    private InputStream input(Given given) throws IOException {
        if (!given.lists().isEmpty()) {
            return InputStream.nullInputStream();
        }
        if (given.file().isPresent() && !given.file().get().equals("-")) {
            String name = given.file().get();
            Path file = call.directory().resolve(name);
            if (!Files.exists(file) || Files.isDirectory(file)) {
                throw usage("there is no file " + name
                        + (argFile != null
                                ? ""
                                : "; to run it with each line of stdin as its argument, put -- before it: gpuspool parallel -- "
                                        + name));
            }
            if (argFile == null && Files.isRegularFile(file) && Files.isExecutable(file) && !call.inIsTerminal()) {
                throw usage(name + " is a program: to read commands from it write -a " + name
                        + ", to run it with each line of stdin as its argument -- " + name);
            }
            return Files.newInputStream(file);
        }
        if (call.inIsTerminal()) {
            throw usage(
                    "what is to run? Name a file of commands, or pipe them in, or write arguments behind :::, such as"
                            + " gpuspool parallel python train.py --seed {} ::: 1 2 3");
        }
        return call.in();
    }

    private Order order() {
        if (gpus < 0 || gpus > MOST) {
            throw usage("-n " + gpus + ": write a number from 0 on");
        }
        if (jobs != null && (jobs < 0 || jobs > MOST)) {
            throw usage("-j " + jobs + ": write a number from 1 on");
        }
        if (retries < 0) {
            throw usage("--retries " + retries + ": write a number from 1 on");
        }
        if ((resume || resumeFailed) && jobLog == null) {
            throw usage("--resume goes by a joblog: name it with --joblog FILE");
        }
        if (results != null && inSpool()) {
            throw usage("--results does not go together with --spool, where what they print stays in the spool");
        }
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put(JobKey.GPUS.key(), Integer.toString(gpus));
        if (timeout != null) {
            keys.put(JobKey.TIME.key(), time());
        }
        if (inSpool() && devices != null && gpus > 0) {
            keys.put("devices", devices);
        }
        return new Order(
                Math.max(1, retries),
                Halt.parse(halt)
                        .orElseThrow(
                                () -> usage(
                                        "--halt " + halt
                                                + ": write never, soon,fail=3 or now,fail=1; also success= and done=, and 10% for the number")),
                OutputMode.parse(output).orElseThrow(() -> usage("--output " + output + ": write group, line or none")),
                keepOrder,
                quiet,
                Optional.ofNullable(jobLog).map(call.directory()::resolve),
                resume,
                resumeFailed,
                Optional.ofNullable(results).map(call.directory()::resolve),
                keys,
                call.directory().toString());
    }

    /** As GNU parallel reads it, too: a bare number is seconds. */
    private String time() {
        String text = timeout.matches("[0-9]{1,9}") ? timeout + "s" : timeout;
        try {
            return Durations.write(Durations.parse(text));
        } catch (BadValueException bad) {
            throw usage("--timeout: " + bad.getMessage());
        }
    }

    /** What the options say in place of settings. */
    private List<SettingOption> asSettings() {
        List<SettingOption> options = new ArrayList<>();
        if (devices != null) {
            options.add(new SettingOption("--devices", SettingKey.DEVICES.key(), devices));
        }
        if (minFreeMem != null) {
            options.add(new SettingOption("--min-free-mem", SettingKey.MIN_FREE_MEM.key(), minFreeMem));
        }
        if (lockDir != null) {
            options.add(new SettingOption(
                    "--lock-dir",
                    SettingKey.LOCK_DIR.key(),
                    call.directory().resolve(lockDir).toString()));
        }
        return options;
    }

    private int inSpool(Session session) throws IOException, InterruptedException {
        if (minFreeMem != null || lockDir != null) {
            throw usage("with --spool its watcher decides about " + (lockDir != null ? "--lock-dir" : "--min-free-mem")
                    + "; leave it out");
        }
        Spool spool = open();
        Settings now = settings();
        List<HostNote> watchers = HostNote.readAll(spool.places(), looker()).stream()
                .filter(host -> host.life() != HostNote.Life.GONE)
                .toList();
        int most = 0;
        int all = 0;
        boolean known = !watchers.isEmpty();
        for (HostNote host : watchers) {
            known &= host.knowsDevices();
            int cards = host.knowsDevices() ? host.devices().size() : 0;
            most = Math.max(most, cards);
            all += gpus == 0 ? 0 : cards / gpus;
        }
        if (known && gpus > most) {
            say("each command needs " + Words.count(gpus, "GPU") + ", and the watcher of this spool has " + most
                    + "; ask for fewer");
            return ExitStatus.NEVER.code;
        }
        if (watchers.isEmpty()) {
            say("note: no watcher runs there; the commands start once one does: gpuspool watch" + spoolOption());
        }
        int room = gpus == 0
                ? now.queue().cpuSlots().orElse(Runtime.getRuntime().availableProcessors())
                : known ? Math.max(1, all) : ParallelAlone.UNKNOWN;
        boolean limited = jobs != null && jobs > 0;
        int atOnce = limited ? jobs : room;
        return session.run(spool, looker().host(), atOnce, limited ? 0 : Math.min(atOnce, ParallelAlone.MOST_AHEAD));
    }
}
