package gpuspool.view;

import gpuspool.config.HostName;
import gpuspool.config.SettingKey;
import gpuspool.config.Settings;
import gpuspool.config.SettingsRead;
import gpuspool.gpu.BadDeviceListException;
import gpuspool.gpu.CardSource;
import gpuspool.gpu.Device;
import gpuspool.gpu.Discovery;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Links;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Survey;
import gpuspool.posix.LinuxProcesses;
import gpuspool.posix.LockLook;
import gpuspool.posix.LockPlace;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.CardUse;
import gpuspool.spool.Fs;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import gpuspool.spool.ReportedCards;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Looks at everything that {@link CardBoard} shows: the spool, the driver, the locks. Changes nothing. */
public final class CardLook implements AutoCloseable {
    /** A GPU that nobody keeps awake may take seconds to answer. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

    private final Optional<Spool> spool;
    private final Path place;
    private final Map<String, String> environment;
    private final SettingsSource settings;
    private final Fs fs;
    private final Finder finder;
    private final Duration patience;
    private final CardUsers users = new CardUsers();
    private Optional<DriverLook> driver = Optional.empty();

    /** Finds cards as {@link Discovery#find} does. */
    public interface Finder {
        CardSource find(Optional<String> devices, String source, Map<String, String> environment)
                throws BadDeviceListException;
    }

    /** Reads the spool's settings as they are now. */
    public interface SettingsSource {
        SettingsRead read() throws IOException;
    }

    /**
     * @param spool empty where there is none
     * @param place where it is, or would be
     * @param patience how long the driver is waited for at each look
     */
    public CardLook(
            Optional<Spool> spool,
            Path place,
            Map<String, String> environment,
            SettingsSource settings,
            Fs fs,
            Finder finder,
            Duration patience) {
        this.spool = spool;
        this.place = place;
        this.environment = environment;
        this.settings = settings;
        this.fs = fs;
        this.finder = finder;
        this.patience = patience;
    }

    /** Looks once. */
    public CardBoard look() throws IOException, InterruptedException, BadDeviceListException {
        long now = System.currentTimeMillis();
        Layout places = new Layout(place);
        Looker looker = new Looker(HostName.of(places.settings(), environment), ProcFiles.bootId());
        List<HostNote> notes = spool.isPresent() ? HostNote.readAll(places, looker) : List.of();
        List<CardUse> uses = spool.isPresent() ? CardUse.readAll(places, looker, fs, now) : List.of();
        List<CardHost> hosts = new ArrayList<>();
        Optional<HostNote> own =
                notes.stream().filter(note -> note.host().equals(looker.host())).findFirst();
        boolean letGo = spool.isPresent() && fs.look(places.letGo()).isPresent();
        hosts.add(CardJoin.own(facts(looker, own, uses, letGo), now));
        for (HostNote note : notes) {
            ReportedCards report = ReportedCards.read(note.directory());
            if (!note.host().equals(looker.host()) && !report.equals(ReportedCards.NOTHING)) {
                hosts.add(CardJoin.other(note.host(), note.life(), pid(note), report, users.byCard(uses, note.host())));
            }
        }
        return new CardBoard(now, spool.map(Spool::root), letGo, List.copyOf(hosts));
    }

    private CardFacts facts(Looker looker, Optional<HostNote> note, List<CardUse> uses, boolean letGo)
            throws IOException, InterruptedException, BadDeviceListException {
        SettingsRead read = settings.read();
        boolean alive = note.filter(own -> own.life() == HostNote.Life.ALIVE).isPresent();
        List<String> watched = alive ? note.get().devices() : List.of();
        ReportedCards report = note.isPresent() ? ReportedCards.read(note.get().directory()) : ReportedCards.NOTHING;
        // A living watcher chose its cards; what the settings would choose here and now is not the question.
        CardSource meant = alive
                ? finder.find(Optional.empty(), "devices", allVisible())
                : finder.find(read.namedDevices(), read.origin(SettingKey.DEVICES), environment);
        CardFacts.Driver told = letGo ? letGo() : ask(meant, watched, alive);
        List<Device> devices = alive ? List.of() : meant(meant, told);
        List<CardUse> here = uses.stream()
                .filter(use -> use.id().host().equals(looker.host()))
                .toList();
        List<String> words = new ArrayList<>(watched);
        told.devices().forEach(device -> words.add(device.id().word()));
        devices.forEach(device -> words.add(device.id().word()));
        report.cards().forEach(line -> words.add(line.word()));
        return new CardFacts(
                looker.host(),
                note.map(HostNote::life).orElse(HostNote.Life.GONE),
                alive ? pid(note.get()) : OptionalLong.empty(),
                watched,
                report,
                devices,
                alive ? Optional.empty() : meant.warning(),
                isAssumed(meant, read),
                letGo,
                told,
                users.byCard(uses, looker.host()),
                locked(words, read.settings()),
                owners(told, here),
                alive ? holders(told, pid(note.get())) : Set.of(),
                read.settings().gpus());
    }

    /** Who wants to reset a card wants us, too, to let go of it. */
    private CardFacts.Driver letGo() {
        driver.ifPresent(DriverLook::close);
        driver = Optional.empty();
        return CardFacts.Driver.NOT_ASKED;
    }

    /** Nobody asks a driver about simulated cards. */
    private CardFacts.Driver ask(CardSource meant, List<String> watched, boolean alive) throws InterruptedException {
        boolean simulated = alive
                && !watched.isEmpty()
                && watched.stream().allMatch(word -> GpuId.parse(word).orElse(null) instanceof GpuId.Simulated);
        boolean needed = !simulated;
        if (needed && driver.isEmpty() && meant instanceof CardSource.Driven driven) {
            driver = Optional.of(new DriverLook(driven));
        }
        return needed && driver.isPresent() ? driver.get().ask(patience) : CardFacts.Driver.NOT_ASKED;
    }

    /** One card that may not even be there, for want of any driver and any list. */
    private boolean isAssumed(CardSource meant, SettingsRead read) {
        return meant instanceof CardSource.OnTrust && read.namedDevices().isEmpty() && environment.get(VISIBLE) == null;
    }

    /** The environment without what hides cards from programs. */
    private Map<String, String> allVisible() {
        Map<String, String> all = new HashMap<>(environment);
        all.remove(VISIBLE);
        all.remove("ROCR_VISIBLE_DEVICES");
        return all;
    }

    /** Those of the driver's cards that are chosen, or those that were named where no driver is. */
    private static List<Device> meant(CardSource source, CardFacts.Driver told) throws BadDeviceListException {
        if (source instanceof CardSource.OnTrust trusted) {
            return trusted.devices();
        }
        if (told.devices().isEmpty()) {
            return List.of();
        }
        return ((CardSource.Driven) source)
                .selection()
                .of(new Survey.Answer(told.version(), told.devices(), told.readings(), Links.UNKNOWN));
    }

    private Map<String, Optional<String>> locked(List<String> words, Settings settings) throws IOException {
        Path directory = LockPlace.foresee(settings.lockDir(), environment).directory();
        String spoolId = spool.map(Spool::id).orElse("");
        Map<String, Optional<String>> locked = new HashMap<>();
        for (String word : words) {
            Optional<GpuId> id = GpuId.parse(word);
            if (id.isPresent() && !locked.containsKey(word)) {
                Path file = directory.resolve(id.get().lockName(spoolId));
                if (LockLook.isHeld(file)) {
                    locked.put(word, LockLook.note(file));
                }
            }
        }
        return locked;
    }

    private static Map<Integer, String> owners(CardFacts.Driver told, List<CardUse> uses) {
        // Asked only which job a process is of, never about locks.
        LinuxProcesses processes = new LinuxProcesses(Path.of("/"));
        Map<Integer, String> owners = new HashMap<>();
        for (Reading reading : told.readings().values()) {
            for (GpuProcess process : processes(reading)) {
                owner(process.pid(), processes, uses)
                        .ifPresent(use -> owners.put(process.pid(), use.id().shortName()));
            }
        }
        return owners;
    }

    private static Optional<CardUse> owner(int pid, LinuxProcesses processes, List<CardUse> uses) {
        Optional<CardUse> byMarks = processes
                .belonging(pid)
                .flatMap(belonging -> uses.stream()
                        .filter(use -> !use.cookie().isEmpty() && use.cookie().equals(belonging.cookie())
                                || use.session().equals(OptionalLong.of(belonging.session())))
                        .findFirst());
        return byMarks.isPresent()
                ? byMarks
                : uses.stream()
                        .filter(use -> use.process()
                                .filter(owner -> ProcFiles.isWithin(pid, owner.pid(), owner.start()))
                                .isPresent())
                        .findFirst();
    }

    /** What holds a card is a child of the watcher, and no job. */
    private static Set<Integer> holders(CardFacts.Driver told, OptionalLong watcher) {
        Set<Integer> holders = new HashSet<>();
        for (Reading reading : told.readings().values()) {
            for (GpuProcess process : processes(reading)) {
                boolean child = ProcessHandle.of(process.pid())
                        .flatMap(ProcessHandle::parent)
                        .filter(parent -> OptionalLong.of(parent.pid()).equals(watcher))
                        .isPresent();
                if (child) {
                    holders.add(process.pid());
                }
            }
        }
        return holders;
    }

    private static List<GpuProcess> processes(Reading reading) {
        return reading instanceof Reading.Known known ? known.processes().orElse(List.of()) : List.of();
    }

    private static OptionalLong pid(HostNote note) {
        return note.watcher().number("pid");
    }

    @Override
    public void close() {
        driver.ifPresent(DriverLook::close);
    }
}
