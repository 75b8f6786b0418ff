package gpuspool.view;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import gpuspool.plan.CardState;
import gpuspool.plan.Freedom;
import gpuspool.plan.Ours;
import gpuspool.plan.Past;
import gpuspool.spool.Escapes;
import gpuspool.spool.HostNote;
import gpuspool.spool.ReportedCards;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Puts together what the driver says now, what the watcher last wrote, and who has which card. Values in, values out. */
public final class CardJoin {
    /** What a watcher says of a card that has just been left is not worth more than a look of our own after so long. */
    private static final long PASSING_MILLIS = TimeUnit.SECONDS.toMillis(60);

    private static final Set<String> PASSING = Set.of(CardState.Kind.SETTLING.word(), CardState.Kind.DRAINING.word());

    private final CardFacts facts;
    private final long nowMillis;
    private final Map<String, ReportedCards.Line> lines = new LinkedHashMap<>();

    private CardJoin(CardFacts facts, long nowMillis) {
        this.facts = facts;
        this.nowMillis = nowMillis;
        facts.report().cards().forEach(line -> lines.put(line.word(), line));
    }

    /** The own host. */
    public static CardHost own(CardFacts facts, long nowMillis) {
        return new CardJoin(facts, nowMillis).host();
    }

    /** Another host, of which nothing is known but what its watcher wrote. */
    public static CardHost other(
            String host,
            HostNote.Life life,
            OptionalLong pid,
            ReportedCards report,
            Map<String, List<CardView.User>> jobs) {
        List<CardView> cards = new ArrayList<>();
        for (ReportedCards.Line line : report.cards()) {
            List<CardView.User> users = jobs.getOrDefault(line.word(), List.of());
            boolean used = line.state().equals(CardState.Kind.USED.word()) && !users.isEmpty();
            cards.add(new CardView(
                    line.word(),
                    line.index(),
                    Escapes.forPeople(line.name()),
                    "",
                    true,
                    line.state(),
                    used ? "" : Escapes.forPeople(line.why()),
                    users,
                    Optional.empty(),
                    Reading.Figures.NONE,
                    List.of()));
        }
        return new CardHost(
                host, life, pid, report.asOf(), "", report.unknown().map(Escapes::forPeople), Optional.empty(), cards);
    }

    private CardHost host() {
        Map<String, Device> devices = new LinkedHashMap<>();
        facts.driver().devices().forEach(device -> devices.put(device.id().word(), device));
        List<String> ours = ours();
        List<CardView> cards = new ArrayList<>();
        devices.forEach((word, device) -> {
            if (ours.contains(word) || !isKnownByUuid(device, devices, ours)) {
                cards.add(view(word, Optional.of(device), ours.contains(word)));
            }
        });
        for (String word : ours) {
            if (!devices.containsKey(word)) {
                cards.add(view(word, Optional.empty(), true));
            }
        }
        return new CardHost(
                facts.host(),
                facts.life(),
                facts.pid(),
                cards.stream().anyMatch(card -> isByReport(card.word()))
                        ? facts.report().asOf()
                        : OptionalLong.empty(),
                facts.driver().version(),
                facts.driver().trouble(),
                isAssumptionShown() || !facts.assumed() ? facts.note() : Optional.empty(),
                cards);
    }

    /** Whether it is one that lost its UUID with its health, and stands in the watcher's report under that. */
    private boolean isKnownByUuid(Device device, Map<String, Device> devices, List<String> ours) {
        return device.id() instanceof GpuId.Index
                && lines.values().stream()
                        .anyMatch(line -> line.index().equals(device.index())
                                && ours.contains(line.word())
                                && !devices.containsKey(line.word()));
    }

    /** Those of the living watcher, else those that the settings mean, else those of the last watcher. */
    private List<String> ours() {
        if (isWatched()) {
            // A lost card that is in quarantine, or that a job has, is in its report alone.
            Set<String> words = new LinkedHashSet<>(facts.watched());
            words.addAll(lines.keySet());
            return List.copyOf(words);
        }
        Set<String> words = new LinkedHashSet<>();
        if (!facts.assumed() || isAssumptionShown()) {
            facts.meant().forEach(device -> words.add(device.id().word()));
        } else {
            words.addAll(lines.keySet());
        }
        words.addAll(new TreeSet<>(facts.jobs().keySet()));
        return List.copyOf(words);
    }

    /** Cards that are only assumed give way to any of which something is known. */
    private boolean isAssumptionShown() {
        return facts.assumed() && lines.isEmpty() && facts.jobs().isEmpty();
    }

    private boolean isWatched() {
        return facts.life() == HostNote.Life.ALIVE;
    }

    private CardView view(String word, Optional<Device> device, boolean ours) {
        Optional<GpuId> id = GpuId.parse(word);
        Optional<ReportedCards.Line> line = Optional.ofNullable(lines.get(word));
        Optional<Reading> reading =
                device.map(known -> facts.driver().readings().get(known.id()));
        Optional<Reading.Known> known =
                reading.filter(Reading.Known.class::isInstance).map(Reading.Known.class::cast);
        CardState state = ours ? state(word, device, reading, line) : new CardState(CardState.Kind.UNKNOWN, "");
        OptionalInt index =
                device.or(() -> id.map(Device::onTrust)).map(Device::index).orElse(OptionalInt.empty());
        String name = device.map(Device::name).orElse("");
        return new CardView(
                word,
                index.isPresent() ? index : line.map(ReportedCards.Line::index).orElse(OptionalInt.empty()),
                name.isEmpty()
                        ? line.map(told -> Escapes.forPeople(told.name())).orElse("")
                        : name,
                device.map(Device::pci).orElse(""),
                ours,
                ours ? state.kind().word() : CardView.NOT_OURS,
                state.why(),
                facts.jobs().getOrDefault(word, List.of()),
                known.flatMap(Reading.Known::memory),
                known.map(Reading.Known::figures).orElse(Reading.Figures.NONE),
                occupants(known.flatMap(Reading.Known::processes).orElse(List.of())));
    }

    private List<CardView.Occupant> occupants(List<GpuProcess> processes) {
        return processes.stream()
                .map(process -> new CardView.Occupant(
                        process,
                        Optional.ofNullable(facts.owners().get(process.pid())),
                        facts.holders().contains(process.pid())))
                .toList();
    }

    private CardState state(
            String word, Optional<Device> device, Optional<Reading> reading, Optional<ReportedCards.Line> line) {
        Optional<String> sick =
                Optional.ofNullable(facts.report().sick().get(word)).map(Escapes::forPeople);
        if (facts.jobs().containsKey(word)) {
            return new CardState(
                    CardState.Kind.USED, sick.map(why -> "sick: " + why).orElse(""));
        }
        if (sick.isPresent()) {
            return new CardState(CardState.Kind.SICK, sick.get());
        }
        if (says(line, CardState.Kind.KEPT)) {
            return told(line);
        }
        if (facts.locked().containsKey(word)) {
            String holder = facts.locked().get(word).orElse("");
            return new CardState(
                    CardState.Kind.LOCKED,
                    holder.isEmpty() ? "somebody holds its lock" : "lock last taken for " + holder);
        }
        if (device.isPresent() && reading.isPresent()) {
            return judged(device.get(), reading.get(), line);
        }
        return says(line, CardState.Kind.LEFT_IDLE) ? told(line) : unasked(word, line);
    }

    /** What a look of our own says, but for what only a watcher can know. */
    private CardState judged(Device device, Reading reading, Optional<ReportedCards.Line> line) {
        CardState own = Freedom.judge(
                        device,
                        reading,
                        Past.NOTHING,
                        new Ours(facts.holders(), facts.owners()),
                        facts.rules(),
                        System.nanoTime())
                .state();
        boolean passing = line.isPresent()
                && isWatched()
                && PASSING.contains(line.get().state())
                && facts.report().asOf().isPresent()
                && nowMillis - facts.report().asOf().getAsLong() < PASSING_MILLIS;
        boolean known = own.isFree() && (says(line, CardState.Kind.LEFT_IDLE) || passing);
        return known ? told(line) : own;
    }

    /** Of cards that no driver tells of now; what one once told is no reason to call a card free. */
    private CardState unasked(String word, Optional<ReportedCards.Line> line) {
        boolean trusted =
                GpuId.parse(word).filter(id -> !(id instanceof GpuId.Uuid)).isPresent();
        if (trusted) {
            return CardState.FREE;
        }
        if (isByReport(word)) {
            return told(line);
        }
        String before = line.map(told -> "; it was " + told.state() + " when it was last asked")
                .orElse("");
        String why = facts.letGo()
                ? "its driver is not asked while control/let-go lies there"
                : facts.driver().trouble().isPresent()
                        ? "its driver does not answer"
                        : "its driver does not tell of it";
        return new CardState(CardState.Kind.UNKNOWN, why + before);
    }

    /** Whether what is shown of a card is nothing but what a watcher wrote some time ago. */
    private boolean isByReport(String word) {
        Optional<ReportedCards.Line> line = Optional.ofNullable(lines.get(word));
        boolean readNow = facts.driver().devices().stream()
                .anyMatch(device -> device.id().word().equals(word));
        boolean lasting = line.flatMap(told -> kind(told.state()))
                .filter(kind -> kind != CardState.Kind.FREE && kind != CardState.Kind.USED)
                .isPresent();
        return lasting
                && !readNow
                && GpuId.parse(word).filter(GpuId.Uuid.class::isInstance).isPresent();
    }

    private boolean says(Optional<ReportedCards.Line> line, CardState.Kind kind) {
        return isWatched() && line.isPresent() && line.get().state().equals(kind.word());
    }

    private static CardState told(Optional<ReportedCards.Line> line) {
        ReportedCards.Line there = line.orElseThrow();
        return new CardState(kind(there.state()).orElse(CardState.Kind.UNKNOWN), Escapes.forPeople(there.why()));
    }

    private static Optional<CardState.Kind> kind(String word) {
        for (CardState.Kind kind : CardState.Kind.values()) {
            if (kind.word().equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
