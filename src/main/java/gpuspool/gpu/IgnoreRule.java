package gpuspool.gpu;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Processes that do not make a card busy: {@code user gdm}, {@code pid 812}, {@code user alice on 0}. Their memory counts all the
 * same.
 *
 * @param pid of the process; empty: any of {@code user}
 * @param user name or number; empty: of {@code pid}
 * @param card an index or a UUID; empty: all cards
 */
public record IgnoreRule(Optional<Integer> pid, Optional<String> user, Optional<GpuId> card) {
    private static final Pattern FORM =
            Pattern.compile("(?:pid ([1-9][0-9]{0,8})|user ([^\\s]{1,64}))(?: on ([^\\s]{1,80}))?");

    /** Reads one rule; empty when it is none. */
    public static Optional<IgnoreRule> parse(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            return Optional.empty();
        }
        Optional<GpuId> card = Optional.ofNullable(parts.group(3)).flatMap(GpuId::parse);
        if (parts.group(3) != null && card.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new IgnoreRule(
                Optional.ofNullable(parts.group(1)).map(Integer::valueOf), Optional.ofNullable(parts.group(2)), card));
    }

    public boolean covers(GpuProcess process, Device device) {
        boolean here = card.isEmpty() || isSame(card.get(), device);
        return here
                && pid.map(own -> own == process.pid()).orElse(true)
                && user.map(own -> process.user().equals(Optional.of(own))).orElse(true);
    }

    private static boolean isSame(GpuId named, Device device) {
        return named.equals(device.id())
                || (named instanceof GpuId.Index index
                        && device.index().isPresent()
                        && device.index().getAsInt() == index.number());
    }

    /** As it is written. */
    public String word() {
        String what = pid.map(own -> "pid " + own).orElseGet(() -> "user " + user.orElseThrow());
        return what + card.map(id -> " on " + id.word()).orElse("");
    }
}
