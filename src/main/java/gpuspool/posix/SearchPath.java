package gpuspool.posix;

import java.util.ArrayList;
import java.util.List;

/** Which files a command's name can mean, as execvp(3) looks for them. */
public final class SearchPath {
    private static final String DEFAULT = "/bin:/usr/bin";

    private SearchPath() {}

    /**
     * The files to be tried, in this order.
     *
     * @param word with a {@code /} in it a path, which counts from the working directory
     * @param environment {@code NAME=value} each, of which {@code PATH} counts
     */
    public static List<String> files(String word, List<String> environment) {
        if (word.isEmpty() || word.indexOf('/') >= 0) {
            return word.isEmpty() ? List.of() : List.of(word);
        }
        String path = DEFAULT;
        for (String line : environment) {
            if (line.startsWith("PATH=")) {
                path = line.substring("PATH=".length());
                break;
            }
        }
        List<String> files = new ArrayList<>();
        for (String directory : path.split(":", -1)) {
            // An empty one is the working directory.
            files.add(directory.isEmpty() ? "./" + word : directory + "/" + word);
        }
        return files;
    }
}
