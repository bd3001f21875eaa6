package io.bucketbrigade.streams;

import io.bucketbrigade.csv.Rejected;
import io.bucketbrigade.database.Copy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.RowStream;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.runs.Work;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.PipelineSettings.MaxRejected;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Variable;

/**
 * Steps of a run that loads one file whose rows are those of a stream, straight into the tables that readers fill, in the transaction of the
 * run. A file is known by its content, so it is loaded once under whatever name. Its rows have the file's number as their source, and their
 * line as their position.
 */
public final class StreamFiles {
    /** Sorting and adding up millions of rows takes far longer in less memory. */
    private static final String MEMORY = "SELECT set_config('work_mem', '64MB', true)";

    private static final String IS_REBUILDING = "SELECT rebuilding FROM brigade.stream_logs WHERE stream = ? FOR SHARE";
    private static final String REGISTER = """
            INSERT INTO brigade.loaded_files AS file (pipeline, content, path, run_id) VALUES (?, ?, ?, ?)
            ON CONFLICT (pipeline, content) DO UPDATE
            SET path = excluded.path, run_id = excluded.run_id, loaded_at = now(), is_wanted = false
            WHERE file.is_wanted
            RETURNING file_id, coalesce((SELECT stored::text FROM brigade.stream_keys WHERE stream = pipeline AND key = content), '{}')
            """;
    private static final String KNOWN =
            "SELECT path, run_id, rows FROM brigade.loaded_files WHERE pipeline = ? AND content = ?";
    private static final String COUNT =
            "UPDATE brigade.loaded_files SET rows = ?, loaded = ?::int8multirange - ?::int8multirange WHERE file_id = ?";
    /** If rows of the file are sent while it is loaded, it is loaded again, without them. */
    private static final String KEEP_KEY = """
            INSERT INTO brigade.stream_keys AS known (stream, key, stored, used_at) VALUES (?, ?, ?::int8multirange, now())
            ON CONFLICT (stream, key) DO UPDATE SET stored = excluded.stored, used_at = excluded.used_at
            WHERE known.stored = ?::int8multirange
            """;

    private final PipelineSettings settings;

    public StreamFiles(PipelineSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads the file of a run through once, before anything is locked.
     *
     * @throws Problem if it is empty or can't be unpacked, or the pipeline does not say where its rows go
     * @throws IOException if it can't be read
     */
    public void read(Work work) throws IOException {
        lines(work);
        String name = work.inputs().names().iterator().next();
        work.keep(StreamFile.scan(work.inputs().get(name)));
    }

    /**
     * Reads the beginning of a file, and nothing else.
     *
     * @param name its name among the inputs
     * @throws Problem if its header can't be used, or it is of another format
     * @throws IOException if it can't be read
     */
    public void checkHeader(@Variable(Work.VARIABLE) Work work, @Body String name) throws IOException {
        new FileCopy(StreamFile.beginning(work.inputs().get(name)), new RowFormat(stream(work))).close();
    }

    private static RowStream stream(Work work) {
        RowStream stream = work.pipeline().definition().stream();
        if (stream == null || stream.lines() == null) {
            throw new Problem(
                    Kind.PIPELINE,
                    work.pipeline().file()
                            + ": the key stream.lines is missing, which names the table for the rows of files.");
        }
        return stream;
    }

    private static String lines(Work work) {
        return Objects.requireNonNull(stream(work).lines());
    }

    /**
     * Notes that the file is loaded, unless it was before.
     *
     * @return whether it is new; otherwise nothing is left to do but to commit
     * @throws SQLException if the database refuses
     * @throws IOException never
     */
    public boolean register(Work work) throws SQLException, IOException {
        StreamFile file = work.kept(StreamFile.class);
        work.transaction().perform(connection -> {
            String pipeline = work.pipeline().name();
            requireNoRebuild(connection, pipeline);
            try (PreparedStatement register = connection.prepareStatement(REGISTER)) {
                register.setString(1, pipeline);
                register.setString(2, file.text().identity());
                register.setString(3, file.path());
                register.setLong(4, work.id());
                try (ResultSet row = register.executeQuery()) {
                    if (row.next()) {
                        file.register(row.getInt(1), row.getString(2));
                        return;
                    }
                }
            }
            work.setRowCounts(new RowCounts(0, 0, 0, loadedBefore(connection, pipeline, file), List.of()));
        });
        return file.id() > 0;
    }

    /**
     * Which rows of the file were sent is known only when all rows are back in the log, and an invoice belongs to who is named first; so the rows
     * of the archive come first. A rebuild waits until this transaction ends.
     */
    private static void requireNoRebuild(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(IS_REBUILDING)) {
            select.setString(1, pipeline);
            try (ResultSet row = select.executeQuery()) {
                if (row.next() && row.getBoolean(1)) {
                    throw new Problem(
                            Kind.TRANSIENT,
                            "The tables of " + pipeline
                                    + " are being rebuilt, and no file is loaded meanwhile. If that was interrupted, stop the service and call"
                                    + " ./brigade rebuild " + pipeline + " --empty.");
                }
            }
        }
    }

    private static Map<String, Long> loadedBefore(Connection connection, String pipeline, StreamFile file)
            throws SQLException {
        try (PreparedStatement known = connection.prepareStatement(KNOWN)) {
            known.setString(1, pipeline);
            known.setString(2, file.text().identity());
            try (ResultSet row = known.executeQuery()) {
                row.next();
                return Map.of(
                        "rows of it were loaded before, from " + row.getString(1) + " in run " + row.getLong(2),
                        row.getLong(3));
            }
        }
    }

    /**
     * Copies the rows of the file into the table of lines, and keeps those that can't be used among the rejected rows of the stream.
     *
     * @throws Problem if the header can't be used, it is not CSV, or too many rows can't be used
     * @throws SQLException if the database refuses
     * @throws IOException if the file can't be read
     */
    public void copy(Work work) throws SQLException, IOException {
        StreamFile file = work.kept(StreamFile.class);
        RowFormat format = new RowFormat(stream(work));
        String columns = format.columns().stream()
                .map(column -> snake(column.name()))
                .collect(Collectors.joining(", ", "source, position, ", ""));
        String statement = "COPY " + lines(work) + " (" + columns + ") FROM STDIN (ENCODING 'UTF8')";
        work.transaction().perform(connection -> {
            try (FileCopy copy = new FileCopy(file, format)) {
                Copy.into(connection, statement, copy::writeTo);
            }
            limitRejected(work.pipeline(), file);
            if (file.rejects().rows() > 0) {
                keepRejected(connection, work.pipeline().name(), file, format);
            }
            execute(connection, MEMORY);
        });
        work.setRowCounts(rowCounts(file));
    }

    /** Reads the file once more, because it may have far more such rows than the memory holds, and far more than are allowed. */
    private static void keepRejected(Connection connection, String pipeline, StreamFile file, RowFormat format)
            throws SQLException, IOException {
        try (FileCopy copy = new FileCopy(file, format)) {
            while (copy.hasNext()) {
                List<RejectedRow> rejected = copy.nextRejected();
                StreamLog.reject(
                        connection,
                        pipeline,
                        Collections.nCopies(rejected.size(), file.text().identity()),
                        rejected);
                // PostgreSQL ends the session of a run that says nothing for the time of a lease.
                execute(connection, "SELECT 1");
            }
        }
    }

    private void limitRejected(Pipeline pipeline, StreamFile file) {
        InputFiles inputs = Objects.requireNonNull(pipeline.definition().inputs());
        MaxRejected most = settings.maxRejected(pipeline, inputs);
        RowCounts.limitRejected(file.name(), file.rows(), file.rejects(), most.share(), most.name());
    }

    private static RowCounts rowCounts(StreamFile file) {
        long rejected = file.rejects().rows();
        // Like a file that was loaded before, rows that were sent before do not count for this run.
        long rows = file.rows() - file.sentBefore();
        Map<String, Long> notes = new LinkedHashMap<>();
        if (file.sentBefore() > 0) {
            notes.put("rows of it were sent before, and were not loaded once more", file.sentBefore());
        }
        return new RowCounts(
                rows,
                rows - rejected,
                rejected,
                notes,
                Rejected.listed(file.name(), rejected, file.rejects().first()));
    }

    /** The name of a column in tables, such as invoice_no for InvoiceNo. */
    private static String snake(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /**
     * Computes what the SQL of a reader would add to its tables, and locks nothing that readers need.
     *
     * @param sqlFile the file with the reader's SQL
     * @throws Problem if it can't be used for files
     * @throws SQLException if the database refuses
     * @throws IOException never
     */
    public void prepare(Work work, String sqlFile) throws SQLException, IOException {
        StreamFile file = work.kept(StreamFile.class);
        String rows = stream(work).columns().keySet().stream()
                .map(name -> snake(name) + " AS \"" + name + '"')
                .collect(Collectors.joining(
                        ", ",
                        "SELECT source AS _partition, position AS _position, ",
                        " FROM " + lines(work) + " WHERE source = " + file.id()));
        List<String> statements = ReaderSql.read(sqlFile).prepare(lines(work), rows);
        work.transaction().perform(connection -> {
            for (String statement : statements) {
                execute(connection, statement);
            }
        });
    }

    /**
     * Adds what was computed to the tables of a reader. What it changes is locked until the commit.
     *
     * @param sqlFile the file with the reader's SQL
     * @throws SQLException if the database refuses
     * @throws IOException never
     */
    public void add(Work work, String sqlFile) throws SQLException, IOException {
        String statement = ReaderSql.read(sqlFile).add();
        work.transaction().perform(connection -> execute(connection, statement));
    }

    /**
     * Notes how many rows were loaded, and that rows of this file are duplicates if they are sent from now on.
     *
     * @throws Problem if some were sent since the file was begun
     * @throws SQLException if the database refuses
     * @throws IOException never
     */
    public void finish(Work work) throws SQLException, IOException {
        StreamFile file = work.kept(StreamFile.class);
        work.transaction().perform(connection -> {
            try (PreparedStatement count = connection.prepareStatement(COUNT);
                    PreparedStatement keep = connection.prepareStatement(KEEP_KEY)) {
                count.setLong(1, work.rowCounts().rowsCounted());
                count.setString(2, file.stored().toString());
                count.setString(3, file.storedBefore());
                count.setInt(4, file.id());
                count.executeUpdate();
                keep.setString(1, work.pipeline().name());
                keep.setString(2, file.text().identity());
                keep.setString(3, file.stored().toString());
                keep.setString(4, file.storedBefore());
                if (keep.executeUpdate() == 0) {
                    throw new Problem(
                            Kind.TRANSIENT,
                            "Rows of " + file.name()
                                    + " were sent to the stream while it was loaded. It is loaded again, without these.");
                }
            }
        });
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
