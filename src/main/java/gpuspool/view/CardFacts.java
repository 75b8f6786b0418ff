package gpuspool.view;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import gpuspool.spool.HostNote;
import gpuspool.spool.ReportedCards;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one look at the own host found; {@link CardJoin} makes of it what is shown.
 *
 * @param life whether a watcher serves the spool here
 * @param watched the living watcher's cards, by their words; empty list where none lives
 * @param report what a watcher last wrote of its cards
 * @param meant the cards that a watcher would use which is started here without options
 * @param note how they were found, where people should know
 * @param assumed whether they are only assumed, for want of any driver and any list
 * @param letGo whether the driver is let go of, and so not asked
 * @param driver what the driver said
 * @param jobs who has which card, by the card's word
 * @param locked cards whose lock somebody holds, with what the holder wrote there
 * @param owners processes of this spool's jobs on cards: pid → the job's name
 * @param holders processes of the watcher on cards
 */
public record CardFacts(
        String host,
        HostNote.Life life,
        OptionalLong pid,
        List<String> watched,
        ReportedCards report,
        List<Device> meant,
        Optional<String> note,
        boolean assumed,
        boolean letGo,
        Driver driver,
        Map<String, List<CardView.User>> jobs,
        Map<String, Optional<String>> locked,
        Map<Integer, String> owners,
        Set<Integer> holders,
        GpuRules rules) {

    /**
     * What a driver said.
     *
     * @param version its kind and version for people; empty text where it said nothing
     * @param devices all it has
     * @param trouble why it tells nothing; empty where it does, or nobody was asked
     */
    public record Driver(String version, List<Device> devices, Map<GpuId, Reading> readings, Optional<String> trouble) {
        static final Driver NOT_ASKED = new Driver("", List.of(), Map.of(), Optional.empty());

        static Driver silent(String trouble) {
            return new Driver("", List.of(), Map.of(), Optional.of(trouble));
        }
    }
}
