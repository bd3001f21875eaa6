package io.bucketbrigade.database;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.PGCopyOutputStream;

/** COPY, PostgreSQL's way to take in many rows at once. */
public final class Copy {
    /** Writes rows in the format that the statement names. */
    @FunctionalInterface
    public interface Rows {
        void write(OutputStream out) throws IOException;
    }

    private Copy() {}

    /**
     * Copies rows into a table.
     *
     * @param statement a COPY … FROM STDIN
     * @return how many rows the database took
     * @throws SQLException if the database refuses
     * @throws IOException if the rows can't be read, or the line is cut
     */
    public static long into(Connection connection, String statement, Rows rows) throws SQLException, IOException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
        try (PGCopyOutputStream out = new PGCopyOutputStream(copy, 1 << 16)) {
            rows.write(out);
            return out.endCopy();
        } catch (IOException | RuntimeException e) {
            breakOff(connection, e);
            throw e;
        }
    }

    /**
     * Writes what a query finds as CSV in UTF-8 with a header.
     *
     * @return how many rows there were
     * @throws SQLException if the database refuses
     * @throws IOException if it can't be written
     */
    public static long out(Connection connection, String query, OutputStream out) throws SQLException, IOException {
        String statement = "COPY (" + query + ") TO STDOUT (FORMAT csv, HEADER, ENCODING 'UTF8')";
        return connection.unwrap(PGConnection.class).getCopyAPI().copyOut(statement, out);
    }

    /**
     * For a copy that broke off: what is still on the line would be read as the answer to the next statement, so the line is cut.
     * The database takes everything back then.
     */
    public static void breakOff(Connection connection, Exception because) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }
}
