package gpuspool.gpu.smi;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which GPUs have memory that failed and could not be replaced. */
final class Remaps {
    private static final List<String> QUESTION =
            List.of("--query-remapped-rows=gpu_uuid,remapped_rows.failure", "--format=csv,noheader,nounits");

    private static final Set<String> FAILED = Set.of("1", "Yes");

    private final Smi smi;
    private boolean unknown;

    Remaps(Smi smi) {
        this.smi = smi;
    }

    /** UUIDs of GPUs; those of which nothing is told are not among them. */
    Set<String> failed() throws IOException {
        Set<String> failed = new HashSet<>();
        if (unknown) {
            return failed;
        }
        Smi.Answer answer = smi.ask(QUESTION);
        boolean told = false;
        for (String line : answer.lines()) {
            Optional<List<String>> values = Csv.values(line, 2);
            told |= values.isPresent();
            if (values.isPresent() && FAILED.contains(values.get().get(1))) {
                failed.add(values.get().get(0));
            }
        }
        // Older ones do not know the question, and say so at length.
        unknown = !answer.sound() && !told;
        return failed;
    }
}
