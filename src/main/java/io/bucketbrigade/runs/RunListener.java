package io.bucketbrigade.runs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Is notified when runs begin and end, inside the transaction that begins or ends them. */
@FunctionalInterface
public interface RunListener {
    /** Does nothing. */
    RunListener NONE = (connection, report) -> {};

    /**
     * A run ended, or ends if the transaction is committed.
     *
     * @throws SQLException if the database can't answer
     */
    void ended(Connection connection, RunReport report) throws SQLException;

    /**
     * A run was claimed, or is if the transaction is committed.
     *
     * @throws SQLException if the database can't answer
     */
    default void begun(Connection connection, Run run) throws SQLException {}

    /**
     * A run has written everything, and ends with the commit that follows; {@link #ended} came before.
     *
     * @param files what it wrote, as people find it
     * @param withheld why not all of its results are published; blank if they are
     * @throws SQLException if the database can't answer
     */
    default void published(Connection connection, Run run, RowCounts rowCounts, List<String> files, String withheld)
            throws SQLException {}

    /**
     * A run was released: it is as if it had not been. The process that claimed it may be gone.
     *
     * @param reason as a sentence
     * @throws SQLException if the database can't answer
     */
    default void released(Connection connection, long run, String pipeline, String task, String reason)
            throws SQLException {}

    /** Notifies two, one after the other. */
    static RunListener both(RunListener first, RunListener second) {
        return new RunListener() {
            @Override
            public void begun(Connection connection, Run run) throws SQLException {
                first.begun(connection, run);
                second.begun(connection, run);
            }

            @Override
            public void ended(Connection connection, RunReport report) throws SQLException {
                first.ended(connection, report);
                second.ended(connection, report);
            }

            @Override
            public void published(
                    Connection connection, Run run, RowCounts rowCounts, List<String> files, String withheld)
                    throws SQLException {
                first.published(connection, run, rowCounts, files, withheld);
                second.published(connection, run, rowCounts, files, withheld);
            }

            @Override
            public void released(Connection connection, long run, String pipeline, String task, String reason)
                    throws SQLException {
                first.released(connection, run, pipeline, task, reason);
                second.released(connection, run, pipeline, task, reason);
            }
        };
    }
}
