package io.bucketbrigade.lambda;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Source;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why inputs can't be used, as JSON for the object beside the result. */
final class FailureRecord {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ROWS = 20;

    private FailureRecord() {}

    /** @param rejected the rows that were rejected, if that is why; the first {@value #MOST_ROWS} are shown */
    static void write(
            String pipeline, List<Identity> inputs, Problem problem, List<Rejected> rejected, OutputStream out)
            throws IOException {
        Map<String, @Nullable Object> failure = new LinkedHashMap<>();
        failure.put("pipeline", pipeline);
        failure.put("failed", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        failure.put("message", problem.sentence());
        failure.put("file", problem.file());
        failure.put("line", problem.line() > 0 ? problem.line() : null);
        failure.put("column", problem.column());
        failure.put("inputs", inputs.stream().map(Identity::described).toList());
        failure.put(
                "rejected",
                rejected.stream().limit(MOST_ROWS).map(FailureRecord::described).toList());
        out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(failure));
    }

    /**
     * Reads one that is there.
     *
     * @throws IOException if it can't be read
     */
    static byte[] read(Location location, String name) throws IOException {
        try (Source source = location.open(name)) {
            byte[] bytes = new byte[Math.toIntExact(source.length())];
            int read = 0;
            while (read < bytes.length) {
                int more = source.read(read, bytes, read, bytes.length - read);
                if (more < 0) {
                    throw new EOFException(name + " ended early");
                }
                read += more;
            }
            return bytes;
        }
    }

    /**
     * What is wrong, in words.
     *
     * @throws IOException if it can't be parsed
     */
    static String message(byte[] failure) throws IOException {
        return JSON.readTree(failure).path("message").asText();
    }

    private static Map<String, Object> described(Rejected row) {
        return Map.of("file", row.file(), "line", row.line(), "reason", row.reason());
    }
}
