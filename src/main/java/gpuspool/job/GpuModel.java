package gpuspool.job;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of GPU models as clusters write them ({@code rtx3090}, {@code a100_80gb}), and as drivers do ({@code RTX 3090}). */
final class GpuModel {
    private static final Pattern MODEL = Pattern.compile("(?:nvidia[_-])?(?:"
            + "a(?:2|10|16|30|40|100|800|[2456]000)|h(?:20|100|200|800)|v100s?|p(?:4|40|100)|k(?:20|40|80)|t4|l(?:4|20|40s?)"
            + "|b(?:100|200|300)|g[hb]200|mi\\d{2,3}[a-z]?|(?:rtx|gtx|titan|quadro|tesla)[_-]?[a-z]?\\w+)"
            + "(?:[_-][\\w-]*)?");

    private GpuModel() {}

    /** Whether a word that could mean anything is the name of a GPU in all likelihood. */
    static boolean isModel(String word) {
        return MODEL.matcher(word.toLowerCase(Locale.ROOT)).matches();
    }

    /** The word as it stands in the names that drivers tell. */
    static String asInNames(String word) {
        return word.replace('_', ' ')
                .replaceAll("(?i)\\b(rtx|gtx|titan|quadro|tesla|geforce)(?=\\w)", "$1 ")
                .replaceAll("(?i)(?<=\\d{4})(ti|super)\\b", " $1");
    }
}
