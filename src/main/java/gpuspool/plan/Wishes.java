package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.job.CardWish;
import gpuspool.job.Printable;
import gpuspool.job.Sizes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which cards a job may have at all, by what its file says. */
final class Wishes {
    private static final Pattern INDEX = Pattern.compile("[0-9]+");

    private Wishes() {}

    /** In the order of {@code all}. */
    static List<Device> allowed(CardWish wish, List<Device> all) {
        if (wish.devices().isEmpty() && wish.type().isEmpty()) {
            return all;
        }
        Set<GpuId> named = new HashSet<>();
        wish.devices().forEach(word -> named.addAll(Device.ids(named(word, all))));
        Optional<String> type = wish.type().map(text -> text.toLowerCase(Locale.ROOT));
        return all.stream()
                .filter(card -> wish.devices().isEmpty() || named.contains(card.id()))
                .filter(card ->
                        type.isEmpty() || card.name().toLowerCase(Locale.ROOT).contains(type.get()))
                .toList();
    }

    /** Why a job can never run on these cards; empty when it can. */
    static Optional<String> impossible(int gpus, CardWish wish, List<Device> all) {
        return impossible(gpus, wish, all, "this watcher has");
    }

    /** @param has whose cards these are, to stand before them */
    static Optional<String> impossible(int gpus, CardWish wish, List<Device> all, String has) {
        if (gpus == 0) {
            return Optional.empty();
        }
        List<String> strange = new ArrayList<>();
        for (String word : wish.devices()) {
            List<Device> meant = named(word, all);
            if (meant.isEmpty()) {
                strange.add(Printable.escape(word));
            } else if (meant.size() > 1 && !isIndex(word)) {
                return Optional.of("it asks for GPU " + Printable.escape(word) + ", which fits "
                        + list(meant, true, false) + "; write more of the one that is meant");
            }
        }
        if (!strange.isEmpty()) {
            boolean uuids = !strange.stream().allMatch(Wishes::isIndex);
            return Optional.of("it asks for GPU " + String.join(" and ", strange) + "; " + has + " "
                    + list(all, uuids, false) + "; ask for others");
        }
        List<Device> fitting = allowed(wish, all);
        int fit = fitting.size();
        if (gpus <= fit) {
            return tooSmall(gpus, wish, fitting);
        }
        String needs = "it needs " + gpus + (gpus == 1 ? " GPU" : " GPUs") + words(wish) + "; " + has + " ";
        if (wish.devices().isEmpty() && wish.type().isEmpty()) {
            String these = all.isEmpty() ? "none" : all.size() + " (" + Device.labels(all) + ")";
            return Optional.of(needs + these + "; ask for fewer");
        }
        return Optional.of(needs
                + list(all, false, wish.type().isPresent())
                + (fit == 0 ? "; ask for others" : "; ask for fewer, or for others"));
    }

    /** Of a card whose size is not known nothing can be said. */
    private static Optional<String> tooSmall(int gpus, CardWish wish, List<Device> fitting) {
        long asked = wish.memory().orElse(0);
        long large = fitting.stream()
                .filter(card -> card.memory().orElse(Long.MAX_VALUE) >= asked)
                .count();
        if (large >= gpus) {
            return Optional.empty();
        }
        long largest = fitting.stream()
                .mapToLong(card -> card.memory().orElse(0))
                .max()
                .orElse(0);
        String which = large == 0
                ? "the largest it may have has " + size(largest, asked)
                : "only " + large + " that it may have " + (large == 1 ? "has" : "have") + " so much";
        return Optional.of("it needs " + gpus + (gpus == 1 ? " GPU" : " GPUs") + words(wish) + " with "
                + size(asked, largest) + " (gpu_mem); " + which + "; ask for less");
    }

    /** To the byte where two would look alike. */
    private static String size(long bytes, long other) {
        return Sizes.about(bytes).equals(Sizes.about(other)) ? Sizes.format(bytes) : Sizes.about(bytes);
    }

    /** What a job asks for, to follow {@code 2 GPUs}: {@code of type "A100" among 0,1}. */
    static String words(CardWish wish) {
        String type =
                wish.type().map(text -> " of type " + Printable.quote(text)).orElse("");
        String among = wish.devices().isEmpty() ? "" : " among " + Printable.escape(String.join(",", wish.devices()));
        return type + among;
    }

    /** The card of that index (of a GPU that is split: all its parts), of that UUID, or those whose UUID begins so. */
    private static List<Device> named(String word, List<Device> all) {
        if (isIndex(word)) {
            int index = Integer.parseInt(word);
            return all.stream()
                    .filter(card -> card.index().isPresent() && card.index().getAsInt() == index)
                    .toList();
        }
        List<Device> exactly =
                all.stream().filter(card -> card.id().word().equals(word)).toList();
        return exactly.isEmpty()
                ? all.stream().filter(card -> card.id().word().startsWith(word)).toList()
                : exactly;
    }

    private static boolean isIndex(String word) {
        return INDEX.matcher(word).matches();
    }

    /** {@code 0 (NVIDIA H200), 1 (NVIDIA H200)}. */
    private static String list(List<Device> cards, boolean uuids, boolean names) {
        return cards.isEmpty()
                ? "none"
                : cards.stream().map(card -> describe(card, uuids, names)).collect(Collectors.joining(", "));
    }

    private static String describe(Device card, boolean uuid, boolean named) {
        List<String> more = new ArrayList<>();
        if (!card.name().isEmpty()) {
            more.add(Printable.escape(card.name()));
        } else if (named) {
            more.add("type not known");
        }
        if (uuid && !card.label().equals(card.id().word())) {
            more.add(card.id().word());
        }
        return card.label() + (more.isEmpty() ? "" : " (" + String.join(", ", more) + ")");
    }
}
