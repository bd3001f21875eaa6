package io.bucketbrigade.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The same job in DuckDB: only the columns that are needed are read, with their types said beforehand. */
final class DuckDb implements AutoCloseable {
    private static final String JOB = """
            COPY (
                SELECT c.author_id AS user_id, c.messages, coalesce(trim(u.first_name || ' ' || u.last_name), '') AS name
                FROM (SELECT author_id, count(*) AS messages
                      FROM read_csv('%1$s/messages.csv', header = true, delim = ',', quote = '"', escape = '"',
                          auto_detect = false, parallel = %4$s, columns = {'message_id': 'VARCHAR', 'author_id': '%3$s',
                          'received_at': 'VARCHAR', 'content': 'VARCHAR'})
                      GROUP BY author_id) c
                LEFT JOIN read_csv('%1$s/users.csv', header = true, delim = ',', quote = '"', escape = '"',
                    auto_detect = false, columns = {'user_id': '%3$s', 'first_name': 'VARCHAR', 'last_name': 'VARCHAR'}) u
                ON u.user_id = c.author_id
                ORDER BY c.messages, c.author_id
            ) TO '%1$s/%2$s' (HEADER, DELIMITER ',')
            """;

    private final Connection connection;

    DuckDb(int threads) throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET threads = " + threads);
        }
    }

    /**
     * Does it.
     *
     * @param idType BIGINT or VARCHAR
     * @param parallel whether messages.csv is read by several threads; some files it refuses to read so
     */
    void rank(Path folder, String result, String idType, boolean parallel) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(JOB.formatted(folder, result, idType, parallel));
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** A whole process that does it once: FOLDER RESULT THREADS. */
    public static void main(String[] arguments) throws SQLException {
        try (DuckDb duckDb = new DuckDb(Integer.parseInt(arguments[2]))) {
            duckDb.rank(Path.of(arguments[0]), arguments[1], "BIGINT", true);
        }
    }
}
