package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.database.TableSql;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Values;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a messages.csv without rows, which mostly is an export that failed, from emptying a board that has some. A first board may
 * be empty. Who feeds an empty result by name means it, and is not asked.
 */
public final class EmptyBoard {
    private static final Logger LOG = LoggerFactory.getLogger(EmptyBoard.class);
    private static final String SETTING = "LEADERBOARD_ALLOW_EMPTY";

    private final Locations locations;
    private final boolean allowed;
    private final String hasRows;

    /**
     * @param setting whether an empty ranking may take the place of a board that has rows, written {@code NAME=true}: Camel would
     *     hand a bare true over as something else than text
     * @param schema the schema of the table leaderboard
     * @throws Problem if it is neither true nor false
     */
    public EmptyBoard(Locations locations, String setting, String schema) {
        this.locations = locations;
        this.hasRows = "SELECT EXISTS (SELECT FROM " + TableSql.qualified(schema, "leaderboard") + ")";
        this.allowed = Values.flag(SETTING, setting.substring(setting.indexOf('=') + 1));
    }

    /**
     * Checks that the ranking doesn't empty the table leaderboard.
     *
     * @throws Problem if it would
     * @throws SQLException if the database can't answer
     */
    public void keepTable(DataSource database, Ranking ranking) throws SQLException {
        if (!isRefusable(ranking)) {
            return;
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(hasRows)) {
            row.next();
            if (row.getBoolean(1)) {
                throw refusal(ranking);
            }
        }
    }

    /**
     * Checks that the ranking doesn't take the place of a result that has rows.
     *
     * @throws Problem if it would
     * @throws IOException if the result can't be read
     */
    public void keepFile(String folder, String name, Ranking ranking) throws IOException {
        if (isRefusable(ranking) && hasRows(folder, name)) {
            throw refusal(ranking);
        }
    }

    private boolean isRefusable(Ranking ranking) {
        return !allowed && ranking.standings().isEmpty();
    }

    private boolean hasRows(String folder, String name) throws IOException {
        Location location = locations.of(folder);
        if (!location.holds(name)) {
            return false;
        }
        try (Source source = location.open(name)) {
            return new Records(source, Header.read(source, List.of("user_id", "messages", "name")), 0).next();
        } catch (CsvException otherFile) {
            LOG.debug("{} is not a result: {}", name, otherFile.getMessage());
            return false;
        }
    }

    private static Problem refusal(Ranking ranking) {
        String why = ranking.rowCounts().rowsRead() == 0
                ? ranking.file() + " has no rows"
                : "no row of " + ranking.file() + " can be counted";
        return new Problem(
                Kind.INPUT,
                why + ", so the board would become empty. Provide the whole " + ranking.file()
                        + ", or set "
                        + SETTING + "=true if the board should be empty.",
                ranking.file(),
                0,
                null,
                null);
    }
}
