package gpuspool.job;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one file, so that one look by its author mends all of it. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();

    void add(Place at, String what, String todo) {
        found.add(new Problem(at, what, todo));
    }

    void add(Place at, BadValueException bad) {
        add(at, bad.what(), bad.todo());
    }

    void add(Problem problem) {
        found.add(problem);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Problem> inFileOrder() {
        return found.stream().sorted(Problem.IN_FILE_ORDER).toList();
    }
}
