package io.bucketbrigade.tables;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.runs.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** SQL of a pipeline's own, in files beside its routes, done in the transaction of a run. */
public final class SqlFiles {
    private final Path folder;

    /** @param folder where the files lie */
    public SqlFiles(String folder) {
        this.folder = FilePaths.of(folder);
    }

    /**
     * Sets what a file's SQL asks for by {@code current_setting}, until the run is over.
     *
     * @param name its name, with a point in it
     * @throws SQLException if the database refuses
     * @throws IOException if the line is cut
     */
    public void set(Transaction transaction, String name, Object value) throws SQLException, IOException {
        transaction.perform(connection -> {
            try (PreparedStatement set = connection.prepareStatement("SELECT set_config(?, ?, true)")) {
                set.setString(1, name);
                set.setString(2, String.valueOf(value));
                set.execute();
            }
        });
    }

    /**
     * Does what a file says.
     *
     * @throws Problem if the file can't be read
     * @throws SQLException if the database refuses
     * @throws IOException if the line is cut
     */
    public void run(Transaction transaction, String file) throws SQLException, IOException {
        String sql = read(file);
        transaction.perform(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }

    /**
     * Asks what a file asks, and keeps each row of the answer, a name and a number, among the notes of the run.
     *
     * @throws Problem if the file can't be read
     * @throws SQLException if the database refuses
     * @throws IOException if the line is cut
     */
    public void note(Transaction transaction, String file) throws SQLException, IOException {
        String sql = read(file);
        transaction.perform(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    transaction.note(row.getString(1), row.getLong(2));
                }
            }
        });
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new Problem(Kind.USAGE, folder.resolve(file) + " can't be read; the routes beside it need it.", e);
        }
    }
}
