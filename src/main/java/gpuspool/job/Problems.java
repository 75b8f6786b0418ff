package gpuspool.job;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one file, so that one look by its author mends all of it. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    public void add(Place at, String what, String todo) {
        found.add(new Problem(at, what, todo));
    }

    public void add(Place at, BadValueException bad) {
        add(at, bad.what(), bad.todo());
    }

    public void add(Problem problem) {
        found.add(problem);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** All of them, by their places. */
    public List<Problem> inFileOrder() {
        return found.stream().sorted(Problem.IN_FILE_ORDER).toList();
    }
}
