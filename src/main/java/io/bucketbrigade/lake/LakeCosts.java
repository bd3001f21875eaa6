package io.bucketbrigade.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What each step of a run on a lake took, from what DuckDB says of each statement. */
final class LakeCosts {
    /** What DuckDB has to say of a statement ({@link #add(String)}). */
    static final String METRICS = "'io.total_bytes_read', 'system.peak_buffer_memory', 'system.peak_temp_dir_size'";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String INSERT = """
            INSERT INTO brigade.run_steps (run_id, number, step, rows, bytes_read, bytes_written, seconds, memory_bytes, spilled_bytes)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final double NANOSECONDS = 1e9;

    private final List<Step> steps = new ArrayList<>();
    private long rows;
    private long bytesRead;
    private long bytesWritten;
    private long memoryBytes;
    private long spilledBytes;
    private long began;

    /**
     * What a step took.
     *
     * @param rows how many it wrote, or computed
     * @param bytesRead from inputs and files, what DuckDB had to put aside included
     * @param bytesWritten data files of tables
     * @param memoryBytes the most that DuckDB's buffers held during one of its statements
     * @param spilledBytes the most that DuckDB had put aside on the disk
     */
    record Step(
            String name,
            long rows,
            long bytesRead,
            long bytesWritten,
            Duration time,
            long memoryBytes,
            long spilledBytes) {}

    /**
     * A step begins.
     *
     * @param inputBytes how many bytes of inputs were read so far
     */
    void begin(long inputBytes) {
        rows = 0;
        bytesRead = -inputBytes;
        bytesWritten = 0;
        memoryBytes = 0;
        spilledBytes = 0;
        began = System.nanoTime();
    }

    /**
     * The step is done; one that fails is not kept.
     *
     * @param inputBytes how many bytes of inputs were read so far
     */
    void end(String name, long inputBytes) {
        steps.add(new Step(
                name,
                rows,
                bytesRead + inputBytes,
                bytesWritten,
                Duration.ofNanos(System.nanoTime() - began),
                memoryBytes,
                spilledBytes));
    }

    /** Adds rows that were written or computed, and bytes of the files that hold them. */
    void add(long moreRows, long moreBytes) {
        rows += moreRows;
        bytesWritten += moreBytes;
    }

    /** Adds what DuckDB says of a statement. */
    void add(String profile) {
        try {
            JsonNode statement = JSON.readTree(profile);
            bytesRead += statement.path("io").path("total_bytes_read").asLong();
            JsonNode system = statement.path("system");
            memoryBytes =
                    Math.max(memoryBytes, system.path("peak_buffer_memory").asLong());
            spilledBytes =
                    Math.max(spilledBytes, system.path("peak_temp_dir_size").asLong());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps all steps in the caller's transaction. */
    void keep(Connection connection, long run) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            int number = 0;
            for (Step step : steps) {
                insert.setLong(1, run);
                insert.setInt(2, ++number);
                insert.setString(3, step.name());
                insert.setLong(4, step.rows());
                insert.setLong(5, step.bytesRead());
                insert.setLong(6, step.bytesWritten());
                insert.setDouble(7, step.time().toNanos() / NANOSECONDS);
                insert.setLong(8, step.memoryBytes());
                insert.setLong(9, step.spilledBytes());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
