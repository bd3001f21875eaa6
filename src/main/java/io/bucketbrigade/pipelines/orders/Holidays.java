package io.bucketbrigade.pipelines.orders;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.runs.Transaction;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which days are public holidays: those of a country, or of a part of one, as Jollyday knows them, or those that a file lists.
 */
public final class Holidays {
    private static final int LONGEST_FILE = 1 << 20;

    private final Locations locations;
    private final String where;

    /**
     * @param where a country's code, such as US or DE-BY; the path of a file with a day such as 2026-12-25 in each line; or blank,
     *     if no holidays are known
     */
    public Holidays(Locations locations, @Nullable String where) {
        this.locations = locations;
        this.where = where == null ? "" : where.strip();
    }

    /**
     * Writes the holidays of the years that a query finds into the table {@code holidays} of the transaction, which is gone after it.
     *
     * @throws Problem if the file that lists them can't be used
     * @throws SQLException if the database refuses
     * @throws IOException if the file can't be read
     */
    public void table(Transaction transaction, String years) throws SQLException, IOException {
        transaction.perform(connection -> {
            Set<LocalDate> days = HolidaySource.isCode(where)
                    ? HolidaySource.days(where, years(connection, years))
                    : HolidaySource.days(where, where.isEmpty() ? "" : text());
            try (Statement create = connection.createStatement()) {
                create.execute("CREATE TEMPORARY TABLE holidays (day date PRIMARY KEY) ON COMMIT DROP");
            }
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO holidays VALUES (?)")) {
                for (LocalDate day : days) {
                    insert.setObject(1, day);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        });
    }

    private static List<Integer> years(Connection connection, String query) throws SQLException {
        List<Integer> years = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(query)) {
            while (row.next()) {
                years.add(row.getInt(1));
            }
        }
        return years;
    }

    private String text() throws IOException {
        try (Source file = locations.open(where)) {
            byte[] bytes = new byte[(int) Math.min(file.length(), LONGEST_FILE)];
            int length = 0;
            int read = 0;
            while (length < bytes.length && read >= 0) {
                read = file.read(length, bytes, length, bytes.length - length);
                length += Math.max(0, read);
            }
            return new String(bytes, 0, length, StandardCharsets.UTF_8);
        }
    }
}
