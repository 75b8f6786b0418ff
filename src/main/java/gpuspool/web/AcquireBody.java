package gpuspool.web;

import gpuspool.job.Stem;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What {@code POST /acquire} is sent.
 *
 * @param pid of the process that the cards are for
 * @param gpus how many
 * @param name what to call it in the queue; empty: after its program
 */
record AcquireBody(int pid, int gpus, Optional<String> name) {
    private static final int MOST_GPUS = 1024;
    private static final String FORM = "; send {\"pid\": 4711, \"num_gpus\": 1}, with \"name\": \"exp1\" if you like";

    static AcquireBody parse(byte[] body) throws Refusal {
        long pid = 0;
        long gpus = 1;
        Optional<String> name = Optional.empty();
        try (JsonParser json =
                new JsonFactory().createParser(ObjectReadContext.empty(), new String(body, StandardCharsets.UTF_8))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new Refusal(400, "the body is no JSON object" + FORM);
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                switch (key) {
                    case "pid" -> pid = whole(json, value);
                    case "num_gpus" -> gpus = whole(json, value);
                    case "name" -> name = Optional.of(value == JsonToken.VALUE_STRING ? json.getString() : "");
                    default -> throw new Refusal(400, "the body has an unknown key" + FORM);
                }
            }
            if (json.nextToken() != null) {
                throw new Refusal(400, "something follows the JSON object" + FORM);
            }
        } catch (JacksonException e) {
            throw new Refusal(400, "the body is no JSON" + FORM);
        }
        if (pid < 1 || pid > Integer.MAX_VALUE) {
            throw new Refusal(400, "pid is no process id" + FORM);
        }
        if (gpus < 0 || gpus > MOST_GPUS) {
            throw new Refusal(400, "num_gpus is no number from 0 to " + MOST_GPUS + FORM);
        }
        if (name.isPresent() && !Stem.isValid(name.get())) {
            throw new Refusal(
                    400, "name is none: 1 to 64 letters, digits, dots, - or _, not beginning with . or -" + FORM);
        }
        return new AcquireBody((int) pid, (int) gpus, name);
    }

    private static long whole(JsonParser json, JsonToken value) {
        return value == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : -1;
    }
}
