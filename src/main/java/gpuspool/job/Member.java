package gpuspool.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Of which sweep a job is a part. Written by the watcher that made the job's file, never by people.
 *
 * @param group id of the sweep's directory
 * @param number of the member, from 1
 * @param values of the parameters, in the order of the sweep
 */
public record Member(String group, int number, Map<String, String> values) {
    public Member {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
