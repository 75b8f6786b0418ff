package gpuspool.view;

import java.util.List;
import java.util.Map;

/** Which characters the user's terminal can show. */
public final class Encoding {
    private Encoding() {}

    /** By the user's own locale: the program's launcher gives itself one that is UTF-8, and keeps that of the user. */
    public static boolean isUtf8(Map<String, String> environment) {
        boolean replaced = List.of(
                        environment.getOrDefault("GPUSPOOL_STUB_ENV", "").split(" ", -1))
                .contains("LC_ALL");
        String all = environment.getOrDefault(replaced ? "GPUSPOOL_USER_LC_ALL" : "LC_ALL", "");
        String named = all.isEmpty() || all.equals("-") ? environment.getOrDefault("LC_CTYPE", "") : all;
        named = named.isEmpty() ? environment.getOrDefault("LANG", "") : named;
        return named.matches("(?i).*utf-?8.*");
    }
}
