package gpuspool.view;

import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One card as people are shown it. What is not known is empty. Texts may hold anything: whoever prints them escapes them.
 *
 * @param word its id as in {@code devices} of {@code status}
 * @param name the product's; empty text when not known
 * @param pci where it sits; empty text when not known
 * @param ours whether the watcher, or one that is started here without options, may use it
 * @param state a word of {@code spool-layout.md}, section 10.2, or {@link #NOT_OURS}
 * @param why what more there is to say of the state; empty text for nothing
 * @param jobs who has it: one, or several that share it
 * @param memory bytes
 * @param occupants processes on it
 */
public record CardView(
        String word,
        OptionalInt index,
        String name,
        String pci,
        boolean ours,
        String state,
        String why,
        List<User> jobs,
        Optional<Reading.Memory> memory,
        Reading.Figures figures,
        List<Occupant> occupants) {

    /** A card that the settings leave out. */
    public static final String NOT_OURS = "not ours";

    /**
     * A job that has a card.
     *
     * @param name such as {@code exp1.2}
     * @param user its owner's name or number
     * @param state such as {@code running}
     * @param memory bytes of the card that it was promised, where it shares it
     */
    public record User(String name, String id, String user, String state, OptionalLong millis, OptionalLong memory) {}

    /**
     * A process on a card.
     *
     * @param job the name of the job of this spool that it belongs to
     * @param watchers whether it is one of the watcher's own, which keeps the card
     */
    public record Occupant(GpuProcess process, Optional<String> job, boolean watchers) {
        boolean isStranger() {
            return job.isEmpty() && !watchers && process.kind() == GpuProcess.Kind.COMPUTE;
        }
    }
}
