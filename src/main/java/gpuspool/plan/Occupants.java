package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The processes on a card that no job of ours has, by what they mean for it.
 *
 * @param strangers compute processes that are not ours, those that use most first
 * @param trespassers jobs of ours that are on it without having been given it
 * @param remains processes that the last job there may have left behind, those that use most first
 * @param accounted bytes that all processes together account for
 * @param accountsForAll whether one that makes no card busy uses an amount that is not told
 * @param none whether there are no processes at all
 */
record Occupants(
        List<GpuProcess> strangers,
        List<String> trespassers,
        List<GpuProcess> remains,
        long accounted,
        boolean accountsForAll,
        boolean none) {

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private enum Part {
        QUIET,
        DISPLAY,
        TRESPASSER,
        REMAINS,
        STRANGER
    }

    static Occupants of(Device device, List<GpuProcess> listed, Past past, Ours ours, GpuRules rules) {
        List<GpuProcess> strangers = new ArrayList<>();
        TreeSet<String> trespassers = new TreeSet<>();
        List<GpuProcess> remains = new ArrayList<>();
        long accounted = 0;
        boolean all = false;
        Collection<GpuProcess> processes = onceEach(listed);
        for (GpuProcess process : processes) {
            OptionalLong told = told(process);
            accounted += told.orElse(0);
            switch (part(process, device, past, ours, rules)) {
                case QUIET -> all |= told.isEmpty();
                case DISPLAY -> {}
                case TRESPASSER -> trespassers.add(ours.jobs().get(process.pid()));
                case REMAINS -> remains.add(process);
                case STRANGER -> strangers.add(process);
            }
        }
        Comparator<GpuProcess> largestFirst = Comparator.comparingLong(
                        (GpuProcess process) -> told(process).orElse(0))
                .reversed()
                .thenComparing(GpuProcess::pid);
        strangers.sort(largestFirst);
        remains.sort(largestFirst);
        return new Occupants(strangers, List.copyOf(trespassers), remains, accounted, all, processes.isEmpty());
    }

    boolean hasOutsiders() {
        return !strangers.isEmpty() || !trespassers.isEmpty();
    }

    /** Bytes that a process uses; empty where that is not told. Some drivers say 0 in containers, which no process can use. */
    static OptionalLong told(GpuProcess process) {
        return process.memory().isPresent() && process.memory().getAsLong() > 0
                ? process.memory()
                : OptionalLong.empty();
    }

    /** Drivers list a process once for every way in which it uses the card, and some more often. */
    static Collection<GpuProcess> onceEach(List<GpuProcess> listed) {
        Map<Integer, GpuProcess> byPid = new HashMap<>();
        for (GpuProcess process : listed) {
            byPid.merge(process.pid(), process, Occupants::same);
        }
        return byPid.values();
    }

    private static GpuProcess same(GpuProcess one, GpuProcess other) {
        GpuProcess.Kind kind = one.kind() == GpuProcess.Kind.COMPUTE ? one.kind() : other.kind();
        long memory = Math.max(told(one).orElse(0), told(other).orElse(0));
        return new GpuProcess(
                one.pid(),
                kind,
                memory > 0 ? OptionalLong.of(memory) : OptionalLong.empty(),
                one.user().or(other::user),
                one.command().or(other::command),
                one.startTicks().isPresent() ? one.startTicks() : other.startTicks());
    }

    private static Part part(GpuProcess process, Device device, Past past, Ours ours, GpuRules rules) {
        if (ours.holding().contains(process.pid())) {
            return Part.QUIET;
        }
        Optional<String> job = Optional.ofNullable(ours.jobs().get(process.pid()));
        if (job.isPresent() && job.equals(past.left().map(Past.Left::job))) {
            return Part.REMAINS;
        }
        boolean ignored = rules.ignore().stream().anyMatch(rule -> rule.covers(process, device));
        if (process.kind() == GpuProcess.Kind.GRAPHICS) {
            return ignored ? Part.QUIET : Part.DISPLAY;
        }
        if (job.isPresent()) {
            return Part.TRESPASSER;
        }
        if (ignored) {
            return Part.QUIET;
        }
        return past.left().isPresent() && mayBeLeftBy(past.left().get(), process) ? Part.REMAINS : Part.STRANGER;
    }

    private static boolean mayBeLeftBy(Past.Left last, GpuProcess process) {
        boolean younger = process.startTicks().isPresent()
                && last.ticks().isPresent()
                && process.startTicks().getAsLong() > last.ticks().getAsLong();
        return !younger && !isAnothers(process.user(), last.user());
    }

    /** A number says nothing against a name: of a process that is ending the name may be out of reach. */
    private static boolean isAnothers(Optional<String> one, Optional<String> other) {
        return one.isPresent()
                && other.isPresent()
                && NUMBER.matcher(one.get()).matches()
                        == NUMBER.matcher(other.get()).matches()
                && !one.equals(other);
    }
}
