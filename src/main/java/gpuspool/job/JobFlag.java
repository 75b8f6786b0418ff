package gpuspool.job;

import java.util.List;
import java.util.Optional;

/** A key of job files as an option of a command. */
public record JobFlag(JobKey key) {
    private static final JobDefaults ANY = new JobDefaults(List.of("/bin/sh"));

    /** Those of all keys that people may write, but of the command: that stands behind the options. */
    public static List<JobFlag> all() {
        return JobKey.forPeople().stream()
                .filter(key -> key != JobKey.COMMAND)
                .map(JobFlag::new)
                .toList();
    }

    /** Short ones first. */
    public List<String> names() {
        return key.flags();
    }

    /** The one that messages use. */
    public String name() {
        return names().get(names().size() - 1);
    }

    /** What stands for its value in help. */
    public String label() {
        return key == JobKey.CWD ? "DIR" : key.type().label();
    }

    /** Whether it may be given several times. */
    public boolean isMany() {
        return key.type().isMany();
    }

    /** Whether its value are names of jobs. */
    public boolean namesJobs() {
        return key == JobKey.AFTER || key == JobKey.AFTER_ANY;
    }

    /** What it does, what may be written, and what holds without it. */
    public String help() {
        String without = key.byDefault().isEmpty() ? "" : "; default: " + key.byDefault();
        return switch (key) {
            case CWD ->
                "directory in which it starts; it must exist (a relative one counts from here; default: here,"
                        + " unless the file says so itself)";
            case ENV -> "a variable for its environment; may be given several times";
            case SWEEP -> sentence() + " (such as " + key.example() + "; may be given several times)";
            default -> sentence() + " (" + plain(key.allowed()) + without + ")";
        };
    }

    private String sentence() {
        String doc = key.doc();
        return Character.toLowerCase(doc.charAt(0)) + doc.substring(1, doc.length() - 1);
    }

    /** Of one without parts: what is wrong with a value, and what to write; empty: nothing that the value alone tells. */
    public Optional<String> fault(String value) {
        Problems problems = new Problems();
        Value read = ScriptJobReader.typed(key, new Value.Text(value, Place.START));
        new JobFields(problems, ANY).set(key, Place.START, read);
        return problems.inFileOrder().stream().findFirst().map(problem -> words(value, problem));
    }

    private String words(String value, Problem problem) {
        String given = value.isBlank() ? "''" : Printable.cut(Printable.escape(value), 60);
        boolean isWanting = problem.todo().equals(Values.write(key));
        if (isWanting && problem.what().startsWith(key.key() + " is ")) {
            return name() + " " + given + ": " + plain(problem.todo());
        }
        String todo = isWanting ? plain(problem.todo()) : problem.todo();
        return problem.what().startsWith(key.key() + " ")
                ? name() + problem.what().substring(key.key().length()) + "; " + todo
                : name() + ": " + problem.what() + "; " + todo;
    }

    /** At a prompt words need no quotes, and all are text. */
    private static String plain(String words) {
        return words.replace("\"", "").replace("an integer", "a number");
    }
}
