package gpuspool.view;

import gpuspool.spool.CardUse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which jobs have which card. */
final class CardUsers {
    private final Users users = new Users();

    /** The jobs of a host by the words of their cards; those that share one by their ids. */
    Map<String, List<CardView.User>> byCard(List<CardUse> uses, String host) throws IOException {
        Map<String, List<CardView.User>> jobs = new HashMap<>();
        for (CardUse use : uses) {
            if (use.id().host().equals(host)) {
                CardView.User job = new CardView.User(
                        use.id().shortName(),
                        use.id().toString(),
                        users.name(use.owner()),
                        use.state(),
                        use.millis(),
                        use.memory());
                use.cards()
                        .forEach(word -> jobs.computeIfAbsent(word, unused -> new ArrayList<>())
                                .add(job));
            }
        }
        jobs.values().forEach(sharers -> sharers.sort(Comparator.comparing(CardView.User::id)));
        return jobs;
    }
}
