package io.bucketbrigade.batches;

import io.bucketbrigade.batches.Batch.StagedFile;
import io.bucketbrigade.batches.Batch.State;
import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.database.SilentSessions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The record of batches, in the database that runs are recorded in too, so that any process can go on with any batch. */
final class BatchRecords {
    private static final String UNIQUE_VIOLATION = "23505";

    private final DataSource database;
    private final String owner;
    private final Duration lease;

    /**
     * @param owner a name that no other process has
     * @param lease how long a process that puts a batch in place may stay silent before another one goes on
     */
    BatchRecords(DataSource database, String owner, Duration lease) {
        this.database = database;
        this.owner = owner;
        this.lease = lease;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private <T> T inTransaction(InTransaction.Work<T, RuntimeException> work) throws SQLException {
        return InTransaction.get(database, connection -> {
            SilentSessions.endAfter(connection, lease);
            return work.with(connection);
        });
    }

    private static int update(Connection connection, String statement, Object... values) throws SQLException {
        try (PreparedStatement update = prepare(connection, statement, values)) {
            return update.executeUpdate();
        }
    }

    private int update(String statement, Object... values) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return update(connection, statement, values);
        }
    }

    private static PreparedStatement prepare(Connection connection, String statement, Object... values)
            throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        for (int at = 0; at < values.length; at++) {
            prepared.setObject(at + 1, values[at]);
        }
        return prepared;
    }

    private interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private static <T> List<T> select(Connection connection, String statement, Reading<T> reading, Object... values)
            throws SQLException {
        List<T> found = new ArrayList<>();
        try (PreparedStatement select = prepare(connection, statement, values);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(reading.of(row));
            }
        }
        return found;
    }

    private <T> List<T> select(String statement, Reading<T> reading, Object... values) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return select(connection, statement, reading, values);
        }
    }

    private static Batch batch(ResultSet row) throws SQLException {
        return new Batch(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                List.of((String[]) row.getArray(4).getArray()),
                State.of(row.getString(5)),
                row.getTimestamp(6).toInstant(),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getString(9),
                row.getString(10),
                row.getBoolean(11));
    }

    private static StagedFile stagedFile(ResultSet row) throws SQLException {
        return new StagedFile(row.getLong(12), batch(row), row.getString(13), row.getString(14));
    }

    /** Whether it was begun: not if as many as may be are open for that location and keep files. */
    boolean begin(String id, String pipeline, String location, Collection<String> files, Duration expiry, int most)
            throws SQLException {
        try (Connection connection = database.getConnection()) {
            return update(
                            connection,
                            BatchStatements.BEGIN,
                            id,
                            pipeline,
                            location,
                            connection.createArrayOf("text", files.toArray()),
                            seconds(expiry),
                            location,
                            most)
                    == 1;
        }
    }

    Optional<Batch> find(String id) throws SQLException {
        return select(BatchStatements.FIND, BatchRecords::batch, id).stream().findFirst();
    }

    /** The batch was heard of. Whether it is still open. */
    boolean extend(String id, Duration expiry) throws SQLException {
        return update(BatchStatements.EXTEND, seconds(expiry), id) == 1;
    }

    /** A file is about to arrive. Its number. */
    long beginFile(String id, String file, String ticket) throws SQLException {
        return select(BatchStatements.BEGIN_FILE, row -> row.getLong(1), id, file, ticket)
                .get(0);
    }

    /** A file is whole, and takes the place of one of that name that was sent before. Whether the batch was still open. */
    boolean finishFile(Batch batch, long number, String file, String ticket, long bytes, Duration expiry)
            throws SQLException {
        return inTransaction(connection -> {
            boolean open = update(connection, BatchStatements.EXTEND, seconds(expiry), batch.id()) == 1;
            if (open) {
                update(connection, BatchStatements.SUPERSEDE, batch.id(), file);
                open = update(connection, BatchStatements.FINISH_FILE, ticket, bytes, number) == 1;
            }
            return open;
        });
    }

    void forgetFile(long number) throws SQLException {
        update(BatchStatements.FORGET_FILE, number);
    }

    List<StagedFile> wholeFiles(String id) throws SQLException {
        return select(BatchStatements.WHOLE_FILES, BatchRecords::stagedFile, id);
    }

    /** Those that will never be put in place. */
    List<StagedFile> unwantedFiles() throws SQLException {
        return select(BatchStatements.UNWANTED_FILES, BatchRecords::stagedFile);
    }

    /**
     * This process begins to put the batch in place, or goes on where another one stopped.
     *
     * @return false if another process is at it, or puts another batch into that location
     * @throws io.bucketbrigade.problems.Problem if it can't be committed: it has ended, or files are missing
     */
    boolean commit(String id) throws SQLException {
        try {
            return inTransaction(connection -> {
                Batch batch = select(connection, BatchStatements.LOCK, BatchRecords::batch, id)
                        .get(0);
                if (batch.state() == State.OPEN) {
                    batch.requireOpen();
                    batch.requireFiles(select(connection, BatchStatements.WHOLE_FILES, row -> row.getString(13), id));
                }
                return update(connection, BatchStatements.COMMIT, owner, seconds(lease), id) == 1;
            });
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    /** Everything is in place. */
    void committed(String id, String placed) throws SQLException {
        inTransaction(connection -> {
            if (update(connection, BatchStatements.COMMITTED, placed, id, owner) == 1) {
                update(connection, BatchStatements.FORGET_PLACED, id);
            }
            return id;
        });
    }

    /** It can't be put in place, or nobody wants to go on trying. Whether it was this call that ended it. */
    boolean failed(String id, String error) throws SQLException {
        return update(BatchStatements.FAILED, error, id, owner) == 1;
    }

    /** It can't be put in place yet; another process may go on with it at once. */
    void release(String id, String error) throws SQLException {
        update(BatchStatements.RELEASE, error, id, owner);
    }

    /** This process is still at these. */
    void renew(Collection<String> ids) throws SQLException {
        try (Connection connection = database.getConnection()) {
            update(
                    connection,
                    BatchStatements.RENEW,
                    seconds(lease),
                    connection.createArrayOf("text", ids.toArray()),
                    owner);
        }
    }

    /** Those that were being put in place by a process that is heard of no more. */
    List<Batch> abandoned() throws SQLException {
        return select(BatchStatements.ABANDONED, BatchRecords::batch);
    }

    /** Whether it was open until now. */
    boolean drop(String id, String why) throws SQLException {
        return update(BatchStatements.DROP, why, id) == 1;
    }

    int dropExpired() throws SQLException {
        return update(BatchStatements.DROP_EXPIRED);
    }

    void forgetOld() throws SQLException {
        update(BatchStatements.FORGET_OLD);
    }

    /** The latest run that read what the batch put in place, as JSON. */
    Optional<String> run(String id) throws SQLException {
        return select(BatchStatements.RUN, row -> row.getString(1), id).stream().findFirst();
    }
}
