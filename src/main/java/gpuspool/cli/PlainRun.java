package gpuspool.cli;

import gpuspool.foreground.Order;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code run} whose options are so plain that they are understood without the parser of options, which takes longer to load than a
 * card takes to be granted. Whatever is not is left to that parser, and to its messages.
 */
record PlainRun(Order order, Optional<Path> spool) {
    private static final int LONGEST_NUMBER = 3;

    static Optional<PlainRun> of(String[] args, Path directory) {
        String gpus = "1";
        Optional<Path> spool = Optional.empty();
        int next = 1;
        while (next < args.length && args[next].startsWith("-")) {
            String option = args[next++];
            if (option.equals("--")) {
                break;
            }
            String value = next < args.length ? args[next++] : "";
            if (option.equals("--spool") && !value.isEmpty()) {
                spool = Optional.of(Path.of(value));
            } else if ((option.equals("-n") || option.equals("-G") || option.equals("--gpus")) && isNumber(value)) {
                gpus = value;
            } else {
                return Optional.empty();
            }
        }
        if (next >= args.length) {
            return Optional.empty();
        }
        List<String> command = List.of(args).subList(next, args.length);
        Map<String, String> settings = new HashMap<>();
        settings.put("gpus", gpus);
        settings.put("cwd", directory.toString());
        return Optional.of(new PlainRun(new Order(NewJob.nameOf(command), command, settings, Optional.empty()), spool));
    }

    private static boolean isNumber(String text) {
        boolean is = !text.isEmpty() && text.length() <= LONGEST_NUMBER;
        for (int i = 0; is && i < text.length(); i++) {
            is = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return is && (text.length() == 1 || text.charAt(0) != '0');
    }
}
