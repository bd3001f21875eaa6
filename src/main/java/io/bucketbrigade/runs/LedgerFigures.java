package io.bucketbrigade.runs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;

/** What the ledger says about the runs of all instances. */
public final class LedgerFigures {
    private final DataSource database;

    public LedgerFigures(DataSource database) {
        this.database = database;
    }

    /**
     * When a run of each of these pipelines last succeeded; without those of which none has. However many runs there were, that takes no
     * longer.
     *
     * @throws SQLException if the database can't answer
     */
    public Map<String, Instant> lastSuccesses(Collection<String> pipelines) throws SQLException {
        Map<String, Instant> last = new LinkedHashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LedgerStatements.LAST_SUCCESSES)) {
            select.setArray(1, connection.createArrayOf("text", pipelines.toArray()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    last.put(row.getString(1), row.getTimestamp(2).toInstant());
                }
            }
        }
        return last;
    }

    /**
     * For how many seconds runs have been alive, in whichever process, by pipeline.
     *
     * @throws SQLException if the database can't answer
     */
    public Map<String, Double> running() throws SQLException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LedgerStatements.RUNNING);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                seconds.put(row.getString(1), row.getDouble(2));
            }
        }
        return seconds;
    }
}
