package gpuspool.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Names of user ids, from {@code /etc/passwd}, read when the first is asked for; others stay numbers. */
public final class Users {
    private String passwd;

    public String name(OptionalInt uid) throws IOException {
        if (uid.isEmpty()) {
            return "-";
        }
        if (passwd == null) {
            Path file = Path.of("/etc/passwd");
            passwd = Files.isReadable(file)
                    ? "\n" + new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    : "";
        }
        // NAME:x:UID:...
        String number = ":" + uid.getAsInt() + ":";
        for (int at = passwd.indexOf(number); at >= 0; at = passwd.indexOf(number, at + 1)) {
            int start = passwd.lastIndexOf('\n', at) + 1;
            int colon = passwd.indexOf(':', start);
            if (passwd.indexOf(':', colon + 1) == at) {
                return passwd.substring(start, colon);
            }
        }
        return Integer.toString(uid.getAsInt());
    }
}
