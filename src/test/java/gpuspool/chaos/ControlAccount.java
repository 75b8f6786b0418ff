package gpuspool.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The books of a spool that people worked in by hand: what came in must have been taken out by an {@code rm} that found
 * it, or be filed once, and what ran must be what was filed. A copy of a filed job is one more that came in.
 */
final class ControlAccount {
    private static final Pattern REMOVED = Pattern.compile("removed '(?:incoming|held)/(.*)'");
    private static final Pattern TOKEN = Pattern.compile("(?m)^t=(.*)$");

    private final Map<String, ControlScript.Drop> drops = new HashMap<>();
    private final Map<String, Integer> cameIn = new HashMap<>();
    private final Map<String, Integer> takenOut = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private int copies;

    private record Filed(Path path, String token, Map<String, String> status) {}

    /** What the job file with this text is called in the books; null where it is none of a script's. */
    static String token(String jobText) {
        Matcher token = TOKEN.matcher(jobText);
        return token.find() ? token.group(1) : null;
    }

    /** What a script said took place. */
    void add(ControlScript script, String said) {
        drops.putAll(script.drops());
        said.lines().forEach(line -> {
            Matcher removed = REMOVED.matcher(line);
            if (line.startsWith("dropped ")) {
                cameIn.merge(line.substring("dropped ".length()), 1, Integer::sum);
            } else if (line.startsWith("copied ")) {
                addCopy(line.substring("copied ".length()));
            } else if (removed.matches()) {
                takenOut.merge(removed.group(1), 1, Integer::sum);
            }
        });
    }

    void addCopy(String token) {
        copies++;
        cameIn.merge(token, 1, Integer::sum);
    }

    /** In words, where the books do not balance; empty where they do. All must be filed by now. */
    List<String> check(Path spool, List<Ledger.Event> events) throws IOException {
        violations.clear();
        Map<String, Filed> filed = new HashMap<>();
        Map<String, Integer> perToken = new HashMap<>();
        Map<String, Integer> balance = new HashMap<>();
        for (String place : List.of("done", "failed")) {
            for (Path path : Tree.list(spool.resolve(place))) {
                String token = tokenIn(path);
                filed.put(path.getFileName().toString(), new Filed(path, token, Tree.status(path)));
                perToken.merge(token, 1, Integer::sum);
                balance.merge(drops.get(token).name(), -1, Integer::sum);
            }
        }
        perToken.forEach((token, times) -> {
            if (times > cameIn.getOrDefault(token, 0)) {
                violations.add("%s came in %d times and is filed %d times"
                        .formatted(token, cameIn.getOrDefault(token, 0), times));
            }
        });
        cameIn.forEach((token, times) -> balance.merge(drops.get(token).name(), times, Integer::sum));
        takenOut.forEach((name, times) -> balance.merge(name, -times, Integer::sum));
        balance.forEach((name, rest) -> {
            if (rest != 0) {
                violations.add("%s: came in less taken out less filed is %d".formatted(name, rest));
            }
        });
        checkRuns(filed, events);
        return List.copyOf(violations);
    }

    private String tokenIn(Path directory) throws IOException {
        List<Path> jobs = Tree.list(directory).stream()
                .filter(file -> Tree.isDrop(Tree.rawName(file)))
                .toList();
        if (jobs.size() != 1) {
            throw new AssertionError(directory + " holds " + jobs);
        }
        String text = Files.readString(jobs.get(0), StandardCharsets.ISO_8859_1);
        String token = token(text);
        if (!drops.containsKey(token) || !drops.get(token).text().equals(text)) {
            throw new AssertionError(jobs.get(0) + " is not what was dropped");
        }
        if (!Tree.rawName(jobs.get(0)).equals(drops.get(token).name())) {
            violations.add(jobs.get(0) + " was dropped as " + drops.get(token).name());
        }
        return token;
    }

    private void checkRuns(Map<String, Filed> filed, List<Ledger.Event> events) {
        Set<String> started = new HashSet<>();
        Set<String> ended = new HashSet<>();
        for (Ledger.Event event : events) {
            Filed job = filed.get(event.id());
            if (job == null || !job.token().equals(event.token())) {
                violations.add("%s ran as %s, which is not filed".formatted(event.token(), event.id()));
            }
            if (!(event.what().equals(Ledger.START) ? started : ended).add(event.id())) {
                violations.add("%s: %s twice (%s)".formatted(event.id(), event.what(), event.token()));
            }
        }
        filed.forEach((id, job) -> {
            String ending = job.status().getOrDefault("ending", "none");
            String code = Integer.toString(drops.get(job.token()).code());
            if (ending.equals("exited")) {
                if (!started.contains(id)
                        || !ended.contains(id)
                        || !code.equals(job.status().get("exit"))) {
                    violations.add("%s exited with %s, must be %s; started: %s, came to its end: %s"
                            .formatted(id, job.status().get("exit"), code, started.contains(id), ended.contains(id)));
                }
            } else if (!ending.equals("cancelled")
                    || (started.contains(id) && !Files.exists(job.path().resolve("cancel")))) {
                violations.add("%s: %s, and nobody asked for that".formatted(id, ending));
            }
        });
    }

    /** For people. */
    String summary() {
        int in = cameIn.values().stream().mapToInt(Integer::intValue).sum();
        int out = takenOut.values().stream().mapToInt(Integer::intValue).sum();
        return "%d jobs came in, %d of them copies; %d were removed".formatted(in, copies, out);
    }
}
