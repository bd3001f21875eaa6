package io.bucketbrigade.runs;

import io.bucketbrigade.database.Copy;
import io.bucketbrigade.database.InTransaction;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.Transaction.Export;
import io.bucketbrigade.runs.Transaction.Place;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Location.Prepared;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that show what tables hold. They are written beside their places while the tables are changed, and put in place when that
 * is committed. That they are to be put in place is committed with the tables: who dies in between leaves a note of it, and
 * whoever finds the note writes the file again, from the tables.
 */
public final class Exports {
    private static final Logger LOG = LoggerFactory.getLogger(Exports.class);

    private static final String NOTE = """
            INSERT INTO brigade.unfinished_files (location, file, run_id, query, only_if_rows) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (location, file) DO UPDATE
            SET run_id = excluded.run_id, query = excluded.query, only_if_rows = excluded.only_if_rows
            """;
    private static final String TAKE = """
            SELECT run_id, query, only_if_rows FROM brigade.unfinished_files WHERE location = ? AND file = ? FOR UPDATE
            """;
    private static final String DONE = "DELETE FROM brigade.unfinished_files WHERE location = ? AND file = ?";
    private static final String LEFT = "SELECT location, file FROM brigade.unfinished_files ORDER BY location, file";

    private final DataSource database;
    private final Locations locations;
    private final Degradations degradations;
    private final RunSessions sessions;
    private final AtomicLong numbers = new AtomicLong();

    /** @param ledger the record of the runs that the files belong to */
    public Exports(DataSource database, Ledger ledger, Locations locations, Degradations degradations) {
        this.database = database;
        this.sessions = ledger.sessions();
        this.locations = locations;
        this.degradations = degradations;
    }

    /**
     * Prepares a file with what a query finds, and a header.
     *
     * @param file its path below the run's folder for results
     * @throws SQLException if the database refuses; everything is rolled back
     * @throws IOException if the file can't be written; everything is rolled back
     */
    public void prepare(Work work, String file, String query) throws SQLException, IOException {
        prepare(work, file, query, false);
    }

    /**
     * Prepares a file as {@link #prepare} does; if the query finds nothing, an old one is removed.
     *
     * @throws SQLException if the database refuses; everything is rolled back
     * @throws IOException if the file can't be written; everything is rolled back
     */
    public void prepareIfAny(Work work, String file, String query) throws SQLException, IOException {
        prepare(work, file, query, true);
    }

    private void prepare(Work work, String file, String query, boolean onlyIfRows) throws SQLException, IOException {
        Place place = place(work, file);
        Transaction transaction = work.transaction();
        transaction.perform(connection -> {
            note(connection, work.run(), place, query, onlyIfRows);
            transaction.add(new Export(place, write(connection, place, query, onlyIfRows)));
        });
    }

    /** A folder by its whole path, because another process may finish it. */
    private Place place(Work work, String file) {
        int name = file.lastIndexOf('/') + 1;
        String folder = work.resultFolder() + (name == 0 ? "" : "/" + file.substring(0, name - 1));
        return new Place(locations.of(folder).name(), file.substring(name));
    }

    /** Prepares rejected.csv with the rows that the run rejected; if there are none, an old one is removed. */
    void prepareRejected(Work work, RowCounts rowCounts) throws SQLException, IOException {
        if (work.resultFolder().isEmpty()) {
            return;
        }
        Place place = place(work, RejectedFile.NAME);
        String mark = "export-" + numbers.incrementAndGet();
        Transaction transaction = work.transaction();
        transaction.perform(connection -> {
            note(connection, work.run(), place, RunDetails.rejectedRows(work.run()), true);
            transaction.add(new Export(
                    place, RejectedFile.prepare(locations.of(place.location()), mark, rowCounts.rejected())));
        });
    }

    private static void note(Connection connection, Run run, Place place, String query, boolean onlyIfRows)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(NOTE)) {
            insert.setString(1, place.location());
            insert.setString(2, place.file());
            insert.setLong(3, run.id());
            insert.setString(4, query);
            insert.setBoolean(5, onlyIfRows);
            insert.executeUpdate();
        }
    }

    private Prepared write(Connection connection, Place place, String query, boolean onlyIfRows)
            throws SQLException, IOException {
        Location location = locations.of(place.location());
        String mark = "export-" + numbers.incrementAndGet();
        long[] rows = {0};
        SQLException[] refused = {null};
        Location.Content content = out -> {
            try {
                rows[0] = Copy.out(connection, query, out);
            } catch (SQLException e) {
                refused[0] = e;
                throw new IOException(e);
            }
        };
        Prepared prepared;
        try {
            prepared = location.prepare(place.file(), mark, content);
        } catch (IOException e) {
            if (refused[0] != null) {
                throw refused[0];
            }
            throw e;
        }
        if (!onlyIfRows || rows[0] > 0) {
            return prepared;
        }
        try (InputStream written = prepared.read()) {
            byte[] header = written.readAllBytes();
            return location.prepareRemoval(place.file(), mark, out -> out.write(header));
        } finally {
            prepared.discard();
        }
    }

    /** Puts in place what was committed. What can't be put there now is tried again by {@link #finishLeft}. */
    void finish(Run run, List<Export> exports) {
        for (Export export : exports) {
            try {
                finish(export.place(), run.id(), export.prepared());
            } catch (SQLException | IOException | RuntimeException e) {
                failed(export.place(), e);
            }
        }
    }

    /**
     * Puts in place what was committed and is not there yet: because the process that was about to died, or because the place
     * could not be written to.
     *
     * @throws SQLException if the database can't be asked
     */
    public void finishLeft() throws SQLException {
        for (Place place : left()) {
            try {
                finish(place, null, null);
                degradations.recovered(name(place));
            } catch (SQLException | IOException | RuntimeException e) {
                failed(place, e);
            }
        }
    }

    private List<Place> left() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LEFT);
                ResultSet row = select.executeQuery()) {
            List<Place> left = new ArrayList<>();
            while (row.next()) {
                left.add(new Place(row.getString(1), row.getString(2)));
            }
            return left;
        }
    }

    /** The row stays locked until the file is in place: of two who want to put one there, the second finds nothing to do. */
    private void finish(Place place, @Nullable Long ofRun, @Nullable Prepared prepared)
            throws SQLException, IOException {
        InTransaction.run(database, connection -> {
            Prepared ready = prepared;
            try {
                if (ofRun == null) {
                    sessions.limit(connection);
                } else {
                    sessions.mark(connection, ofRun);
                }
                try (PreparedStatement take = connection.prepareStatement(TAKE)) {
                    take.setString(1, place.location());
                    take.setString(2, place.file());
                    try (ResultSet row = take.executeQuery()) {
                        if (!row.next() || (ofRun != null && row.getLong(1) != ofRun)) {
                            return;
                        }
                        if (ready == null) {
                            ready = write(connection, place, row.getString(2), row.getBoolean(3));
                        }
                    }
                }
                ready.publish(() -> RunSessions.checkAlive(connection));
                try (PreparedStatement delete = connection.prepareStatement(DONE)) {
                    delete.setString(1, place.location());
                    delete.setString(2, place.file());
                    delete.executeUpdate();
                }
            } finally {
                if (ready != null) {
                    ready.discard();
                }
            }
        });
    }

    private static String name(Place place) {
        return place.file() + " in " + place.location();
    }

    private void failed(Place place, Exception e) {
        String sentence = Problems.of(e).sentence();
        if (degradations.degraded(name(place), sentence)) {
            LOG.warn("{} is committed, but can't be put in place yet: {}", name(place), sentence);
        }
    }
}
