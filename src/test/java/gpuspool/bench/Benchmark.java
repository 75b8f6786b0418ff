package gpuspool.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures gpuspool beside references and prints one row for each measure. A figure of one run on a busy machine says little: look
 * at the ratios, and at the noise column.
 *
 * <pre>--dir DIR     where the spools are made: this file system is measured (default: target)
 * --only TEXT    only measures whose name has this in it
 * --smoke        sizes that say nothing about time
 * -- COMMAND...  gpuspool, as a command (default: target/gpuspool)</pre>
 */
public final class Benchmark {
    private Benchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path under = Path.of("target").toAbsolutePath();
        Sizes sizes = Sizes.FULL;
        String only = "";
        List<String> gpuspool = List.of(under.resolve("gpuspool").toString());
        List<String> rest = List.of(arguments);
        while (!rest.isEmpty()) {
            String option = rest.get(0);
            int used = 2;
            if (option.equals("--smoke")) {
                sizes = Sizes.SMOKE;
                used = 1;
            } else if (option.equals("--") && rest.size() > 1) {
                gpuspool = rest.subList(1, rest.size());
                used = rest.size();
            } else if (option.equals("--dir") && rest.size() > 1) {
                under = Path.of(rest.get(1)).toAbsolutePath();
            } else if (option.equals("--only") && rest.size() > 1) {
                only = rest.get(1);
            } else {
                System.err.println("usage: bench.sh [--dir DIR] [--only TEXT] [--smoke] [-- COMMAND...]");
                System.exit(2);
            }
            rest = rest.subList(used, rest.size());
        }
        System.out.println(
                "JDK " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors()
                        + " processors, " + Files.getFileStore(under).type() + ", load "
                        + Files.readString(Path.of("/proc/loadavg")).strip());
        run(new Measures(under, gpuspool, sizes), only, System.out::println);
    }

    /** Measures and hands out each row as soon as it is known; all of them again at the end. */
    static List<Row> run(Measures measures, String only, Consumer<String> out)
            throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        out.accept(Row.titles().line());
        for (Map.Entry<String, Measures.Measure> measure : measures.all().entrySet()) {
            if (measure.getKey().contains(only)) {
                for (Row row : measure.getValue().rows()) {
                    out.accept(row.line());
                    rows.add(row);
                }
            }
        }
        return rows;
    }
}
