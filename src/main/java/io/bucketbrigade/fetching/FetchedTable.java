package io.bucketbrigade.fetching;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The table {@code brigade.fetched}: what is known of each source, and who is fetching it. */
final class FetchedTable {
    private static final String CLAIM = """
            INSERT INTO brigade.fetched AS known
                (setting, name, pipeline, source, location, state, begun_at, owner, lease_until)
            VALUES (?, ?, ?, ?, ?, 'fetching', now(), ?, now() + ? * interval '1 millisecond')
            ON CONFLICT (setting, name) DO UPDATE SET
                source = excluded.source, location = excluded.location, state = 'fetching', begun_at = now(),
                ended_at = NULL, bytes = 0, total = NULL, rate = 0, error = NULL, owner = excluded.owner,
                lease_until = excluded.lease_until
            WHERE known.lease_until IS NULL OR known.lease_until < now()
            RETURNING fetched_from, etag, last_modified, sha256""";
    private static final String HOLD = """
            UPDATE brigade.fetched
            SET bytes = ?, total = ?, rate = ?, lease_until = now() + ? * interval '1 millisecond'
            WHERE setting = ? AND name = ? AND owner = ?""";
    private static final String END = """
            UPDATE brigade.fetched
            SET state = ?, bytes = ?, total = ?, rate = ?, error = ?, ended_at = now(), owner = NULL, lease_until = NULL
            WHERE setting = ? AND name = ? AND owner = ?""";
    private static final String REMEMBER = """
            UPDATE brigade.fetched
            SET fetched_from = ?, etag = ?, last_modified = ?, size = ?, sha256 = ?, fetched_at = now()
            WHERE setting = ? AND name = ? AND owner = ?""";
    private static final String FORGET = """
            DELETE FROM brigade.fetched
            WHERE setting = ? AND name <> ALL (?) AND (lease_until IS NULL OR lease_until < now())
            RETURNING name""";

    private static final String BEGUN =
            "SELECT count(*) FROM brigade.fetched WHERE setting = ? AND begun_at > now() - ? * interval '1 millisecond'";
    private static final String RELEASE =
            "UPDATE brigade.fetched SET lease_until = now() - interval '1 millisecond' WHERE lease_until >= now()";

    private final DataSource database;
    private final Duration lease;

    /** @param lease how long a source is held without {@link #hold} */
    FetchedTable(DataSource database, Duration lease) {
        this.database = database;
        this.lease = lease;
    }

    /**
     * A source that one fetch may have at a time.
     *
     * @param pipeline whose setting names it
     * @param setting the setting that names it
     * @param columns the columns that its file must have; none if that is not known
     * @param location where its file belongs
     * @param owner what no other fetch is called
     */
    record Held(
            String pipeline, String setting, FetchSource source, List<String> columns, String location, String owner) {
        /** What a version is from and where it is; a version from elsewhere is another one. */
        String origin() {
            return Digest.of(source.address() + "\n" + location);
        }
    }

    /**
     * The version that was last put in place.
     *
     * @param from where it is from
     * @param sha256 of its content
     */
    record Version(
            @Nullable String from,
            Validators validators,
            @Nullable String sha256) {}

    /**
     * Takes a source, if nobody else has it.
     *
     * @return what is known of it; empty if somebody has it
     * @throws SQLException if the database refuses, or is away
     */
    Optional<Version> claim(Held held) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setString(1, held.setting());
            claim.setString(2, held.source().name());
            claim.setString(3, held.pipeline());
            claim.setString(4, held.source().shown());
            claim.setString(5, held.location());
            claim.setString(6, held.owner());
            claim.setLong(7, lease.toMillis());
            try (ResultSet row = claim.executeQuery()) {
                return row.next()
                        ? Optional.of(new Version(
                                row.getString(1), new Validators(row.getString(2), row.getString(3)), row.getString(4)))
                        : Optional.empty();
            }
        }
    }

    /**
     * Whether somebody began to fetch a source of a setting within some time.
     *
     * @throws SQLException if the database refuses, or is away
     */
    boolean isBegunWithin(String setting, Duration time) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement begun = connection.prepareStatement(BEGUN)) {
            begun.setString(1, setting);
            begun.setLong(2, time.toMillis());
            try (ResultSet row = begun.executeQuery()) {
                row.next();
                return row.getInt(1) > 0;
            }
        }
    }

    /**
     * Keeps a source, and shows how far it is.
     *
     * @return false if somebody else has it by now
     * @throws SQLException if the database refuses, or is away
     */
    boolean hold(Held held, Progress progress) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement hold = connection.prepareStatement(HOLD)) {
            hold.setLong(1, progress.bytes());
            setTotal(hold, 2, progress);
            hold.setDouble(3, progress.rate());
            hold.setLong(4, lease.toMillis());
            return update(hold, 5, held);
        }
    }

    /**
     * Notes the version that is in place now.
     *
     * @throws SQLException if the database refuses, or is away
     */
    void remember(Held held, Validators validators, long size, String sha256) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement remember = connection.prepareStatement(REMEMBER)) {
            remember.setString(1, held.origin());
            remember.setString(2, validators.entityTag());
            remember.setString(3, validators.lastModified());
            remember.setLong(4, size);
            remember.setString(5, sha256);
            update(remember, 6, held);
        }
    }

    /**
     * Lets a source go.
     *
     * @throws SQLException if the database refuses, or is away
     */
    void end(Held held, Progress progress, FetchOutcome outcome) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement end = connection.prepareStatement(END)) {
            end.setString(1, outcome.stateName());
            end.setLong(2, progress.bytes());
            setTotal(end, 3, progress);
            end.setDouble(4, outcome.rate());
            end.setString(5, outcome.error().isEmpty() ? null : outcome.error());
            update(end, 6, held);
        }
    }

    private static void setTotal(PreparedStatement statement, int index, Progress progress) throws SQLException {
        if (progress.total() < 0) {
            statement.setNull(index, Types.BIGINT);
        } else {
            statement.setLong(index, progress.total());
        }
    }

    private static boolean update(PreparedStatement statement, int first, Held held) throws SQLException {
        statement.setString(first, held.setting());
        statement.setString(first + 1, held.source().name());
        statement.setString(first + 2, held.owner());
        return statement.executeUpdate() == 1;
    }

    /**
     * Ends all leases.
     *
     * @return how many there were
     * @throws SQLException if the database refuses, or is away
     */
    int releaseAll() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement release = connection.prepareStatement(RELEASE)) {
            return release.executeUpdate();
        }
    }

    /**
     * Forgets the sources that a setting doesn't name any more.
     *
     * @return their names
     * @throws SQLException if the database refuses, or is away
     */
    List<String> forgetOthers(String setting, Collection<String> names) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            Array kept = connection.createArrayOf("text", names.toArray());
            forget.setString(1, setting);
            forget.setArray(2, kept);
            List<String> forgotten = new ArrayList<>();
            try (ResultSet rows = forget.executeQuery()) {
                while (rows.next()) {
                    forgotten.add(rows.getString(1));
                }
            }
            return forgotten;
        }
    }
}
