package gpuspool.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds the way to ask that works now: the first that tells of a card. Where NVIDIA's driver is here and does not answer, AMD's
 * cards do not take the place of its cards.
 */
final class Finder implements Supplier<Backend> {
    private final Machine machine;
    private final Ways ways;

    Finder(Machine machine, Ways ways) {
        this.machine = machine;
        this.ways = ways;
    }

    /** What was tried, and came to nothing. */
    private static final class Tried {
        private final List<String> silent = new ArrayList<>();
        private final List<String> absent = new ArrayList<>();
        private Optional<Backend> empty = Optional.empty();

        /** Empty when it tells of no card. */
        private Optional<Backend> ask(Way way) {
            Backend backend;
            try {
                backend = way.open();
            } catch (Way.AbsentException e) {
                absent.add(e.getMessage());
                return Optional.empty();
            }
            Survey survey = backend.survey();
            if (survey instanceof Survey.Silence silence) {
                silent.add(silence.reason());
                backend.close();
                return Optional.empty();
            }
            Backend found = new Begun(backend, survey);
            if (!((Survey.Answer) survey).devices().isEmpty()) {
                empty.ifPresent(Backend::close);
                return Optional.of(found);
            }
            if (empty.isEmpty()) {
                empty = Optional.of(found);
            } else {
                found.close();
            }
            return Optional.empty();
        }
    }

    @Override
    public Backend get() {
        Tried tried = new Tried();
        for (Way way : ways.nvidia()) {
            Optional<Backend> found = tried.ask(way);
            if (found.isPresent()) {
                return found.get();
            }
        }
        boolean withheld = tried.empty.isEmpty() && isNvidias(tried);
        Optional<Backend> found = withheld ? Optional.empty() : tried.ask(ways.amd());
        return found.or(() -> tried.empty).orElseGet(() -> new Mute(reason(tried)));
    }

    private boolean isNvidias(Tried tried) {
        boolean hasSoftware = !tried.silent.isEmpty();
        return machine.traceOfNvidia().isPresent() || (hasSoftware && machine.hasCardOfNvidia());
    }

    /** Of a driver that is there and fails, rather than of what is not there. */
    private String reason(Tried tried) {
        if (!tried.silent.isEmpty()) {
            return tried.silent.get(0);
        }
        String what = machine.traceOfNvidia()
                .map(trace -> "NVIDIA's driver is here (" + trace + "), but not what to ask it by")
                .or(() -> machine.traceOfAmd().map(trace -> "AMD's driver is here (" + trace + "), but tells nothing"))
                .orElse("no GPU driver can be asked");
        return what + ": " + String.join("; ", tried.absent);
    }

    /** Its first survey was made when it was tried. */
    private static final class Begun implements Backend {
        private final Backend backend;
        private Optional<Survey> first;

        Begun(Backend backend, Survey first) {
            this.backend = backend;
            this.first = Optional.of(first);
        }

        @Override
        public String name() {
            return backend.name();
        }

        @Override
        public Survey survey() {
            Survey survey = first.orElseGet(backend::survey);
            first = Optional.empty();
            return survey;
        }

        @Override
        public List<Fault> awaitFaults(java.time.Duration most) throws InterruptedException {
            return backend.awaitFaults(most);
        }

        @Override
        public boolean reportsFaults() {
            return backend.reportsFaults();
        }

        @Override
        public void close() {
            backend.close();
        }
    }
}
