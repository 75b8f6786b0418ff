package gpuspool.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Commands by lists of arguments: one for each combination, the last list the fastest. */
final class Lists implements Tasks {
    private final List<List<String>> lists;
    private final Optional<Template> template;
    private long seq;
    private final long whole;

    /** @param lists {@link Raw}; without a template the arguments themselves are commands */
    Lists(List<List<String>> lists, Optional<Template> template) {
        this.lists = lists;
        this.template = template;
        long product = 1;
        for (List<String> list : lists) {
            product = Math.multiplyExact(product, (long) list.size());
        }
        whole = product;
    }

    @Override
    public Optional<Task> next() {
        if (seq == whole) {
            return Optional.empty();
        }
        List<String> arguments = new ArrayList<>();
        long rest = seq;
        for (int i = lists.size() - 1; i >= 0; i--) {
            List<String> list = lists.get(i);
            arguments.add(0, list.get((int) (rest % list.size())));
            rest /= list.size();
        }
        seq++;
        return Optional.of(template.map(command -> command.fill(seq, arguments))
                .orElseGet(() -> Template.line(seq, String.join(" ", arguments))));
    }
}
