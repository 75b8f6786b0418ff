package gpuspool.web;

import com.sun.net.httpserver.HttpExchange;
import gpuspool.spool.Escapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a client asks for.
 *
 * @param path the parts between slashes, decoded; bytes that are no text as {@code \xHH}, as names are shown everywhere
 * @param deadline by which the answer is to be sent
 * @param query what stands behind the question mark; of several of one name the last
 */
record Request(
        String method,
        List<String> path,
        Map<String, String> query,
        HttpExchange exchange,
        Deadlines.Deadline deadline) {
    private static final int HEX = 16;
    private static final int MOST_BODY_BYTES = 4096;

    static Request of(HttpExchange exchange, Deadlines.Deadline deadline) throws Refusal {
        List<String> path = new ArrayList<>();
        for (String part : exchange.getRequestURI().getRawPath().split("/", -1)) {
            path.add(decode(part, false));
        }
        // What stands before the first slash is nothing.
        path.remove(0);
        Map<String, String> query = new LinkedHashMap<>();
        String asked = exchange.getRequestURI().getRawQuery();
        for (String pair : asked == null || asked.isEmpty() ? new String[0] : asked.split("&", -1)) {
            int equals = pair.indexOf('=');
            query.put(
                    decode(equals < 0 ? pair : pair.substring(0, equals), true),
                    equals < 0 ? "" : decode(pair.substring(equals + 1), true));
        }
        return new Request(exchange.getRequestMethod(), path, query, exchange, deadline);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    /** A whole number from the query; empty where there is none of that name. */
    Optional<Long> number(String name, long least, long most) throws Refusal {
        String text = query.get(name);
        if (text == null) {
            return Optional.empty();
        }
        long number = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw new Refusal(400, "?" + name + "= takes a whole number from " + least + " to " + most);
        }
        return Optional.of(number);
    }

    /** All of the body, which is short. */
    byte[] body() throws IOException, Refusal {
        try (InputStream in = exchange.getRequestBody()) {
            byte[] body = in.readNBytes(MOST_BODY_BYTES + 1);
            if (body.length > MOST_BODY_BYTES) {
                throw new Refusal(413, "the body is longer than " + MOST_BODY_BYTES + " bytes");
            }
            return body;
        }
    }

    InetSocketAddress client() {
        return exchange.getRemoteAddress();
    }

    private static String decode(String text, boolean plusIsBlank) throws Refusal {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                int high = i + 2 < in.length ? Character.digit(in[i + 1], HEX) : -1;
                int low = i + 2 < in.length ? Character.digit(in[i + 2], HEX) : -1;
                if (high < 0 || low < 0) {
                    throw new Refusal(400, "the address has a % that begins no escape");
                }
                out.write(high * HEX + low);
                i += 2;
            } else {
                out.write(plusIsBlank && in[i] == '+' ? ' ' : in[i]);
            }
        }
        return Escapes.forPeople(Escapes.escape(out.toByteArray()));
    }
}
