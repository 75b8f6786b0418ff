package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The words this process was started with. Java shows them as text, in which bytes that are not UTF-8 are lost. */
public final class OwnArguments {
    private OwnArguments() {}

    /**
     * The last of them, in such a form that {@link Become} hands on their very bytes. Not for showing.
     *
     * @param shown as Java shows them
     */
    public static List<String> exact(List<String> shown) throws IOException {
        List<String> all = RawText.lines(Path.of("/proc/self/cmdline"));
        int first = all.size() - shown.size();
        // Where this program is called from another (a test), its words are none of the process's.
        boolean own = first > 0;
        for (int i = 0; own && i < shown.size(); i++) {
            own = shown.get(i).indexOf(RawNames.LOST) >= 0 || shown.get(i).equals(all.get(first + i));
        }
        return own ? List.copyOf(all.subList(first, all.size())) : shown;
    }
}
