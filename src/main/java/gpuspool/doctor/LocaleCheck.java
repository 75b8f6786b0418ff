package gpuspool.doctor;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Whether file names with letters beyond ASCII can be read and shown. */
final class LocaleCheck {
    static final String CHECK = "locale";
    private static final String BEFORE = "GPUSPOOL_USER_LC_ALL";

    private LocaleCheck() {}

    /** @param encoding what Java reads file names by */
    static Finding judge(String encoding, Map<String, String> environment) {
        if (!Charset.forName(encoding).equals(StandardCharsets.UTF_8)) {
            return Finding.problem(
                    CHECK,
                    "file names are read as " + encoding
                            + ", so jobs whose names are not plain ASCII cannot be handled",
                    "start it by its own file, gpuspool, which takes care of that; or: export LC_ALL=C.UTF-8");
        }
        boolean replaced = Arrays.asList(
                        environment.getOrDefault("GPUSPOOL_STUB_ENV", "").split(" ", -1))
                .contains("LC_ALL");
        if (!replaced) {
            return Finding.ok(CHECK, "file names are read as UTF-8");
        }
        return Finding.note(
                CHECK,
                "your locale, " + locale(environment)
                        + ", is not UTF-8 or not installed here: gpuspool uses C.UTF-8 for"
                        + " itself, your jobs get yours");
    }

    private static String locale(Map<String, String> environment) {
        String all = environment.getOrDefault(BEFORE, "-");
        if (!all.isEmpty() && !all.equals("-")) {
            return all;
        }
        String named = environment.getOrDefault("LC_CTYPE", "");
        named = named.isEmpty() ? environment.getOrDefault("LANG", "") : named;
        return named.isEmpty() ? "C (none is set)" : named;
    }
}
