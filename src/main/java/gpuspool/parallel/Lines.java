package gpuspool.parallel;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Commands by lines: each line is one, or each is the argument of one. */
final class Lines implements Tasks {
    private final LineReader lines;
    private final Optional<Template> template;
    private long seq;

    /** @param template what each line is an argument of; without one blank lines and comments are passed over */
    Lines(InputStream in, Optional<Template> template) {
        lines = new LineReader(in);
        this.template = template;
    }

    @Override
    public Optional<Task> next() throws IOException {
        Optional<String> line = lines.next();
        while (line.isPresent() && template.isEmpty() && isNoCommand(line.get())) {
            line = lines.next();
        }
        return line.map(this::task);
    }

    private Task task(String line) {
        seq++;
        return template.map(command -> command.fill(seq, List.of(line))).orElseGet(() -> Template.line(seq, line));
    }

    private static boolean isNoCommand(String line) {
        String bare = line.strip();
        return bare.isEmpty() || bare.startsWith("#");
    }
}
