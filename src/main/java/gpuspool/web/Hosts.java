package gpuspool.web;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names by which a browser may call this server. A page of somebody else can have its own name lead here (DNS rebinding), and then
 * counts as ours to a browser; so a request under a name that is not one of these gets nothing. Any port will do: a tunnel may have another.
 */
final class Hosts {
    private final Set<String> names = new TreeSet<>();

    /** @param more names that people use, such as that of a proxy before this server */
    Hosts(InetAddress bound, Iterable<String> more) {
        names.add("localhost");
        names.add("127.0.0.1");
        names.add("[::1]");
        if (!bound.isAnyLocalAddress()) {
            names.add(literal(bound));
        }
        more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }

    /** An address as it stands in a URL. */
    static String literal(InetAddress address) {
        String text = address.getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }

    /** @param header what the client sent as {@code Host} */
    boolean isOurs(Optional<String> header) {
        String name = header.orElse("").toLowerCase(Locale.ROOT);
        int colon = name.lastIndexOf(':');
        boolean port =
                colon > name.lastIndexOf(']') && name.substring(colon + 1).matches("[0-9]{1,5}");
        return names.contains(port ? name.substring(0, colon) : name);
    }

    @Override
    public String toString() {
        return String.join(", ", names);
    }
}
