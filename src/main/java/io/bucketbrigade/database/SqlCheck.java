package io.bucketbrigade.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Checks SQL that a route runs. The database reads it and runs nothing. Statements that make tables are not judged, because the next one may
 * use what the database can't know yet; nor are types, which the values of parameters decide.
 */
public final class SqlCheck {
    private static final Pattern COMMENT = Pattern.compile("--.*|/\\*[\\s\\S]*?\\*/");
    private static final Pattern PARAMETER = Pattern.compile(":[#?](?:in:)?(?:\\$\\{[^}]*}|\\w+)");
    private static final Pattern MAKING = Pattern.compile("\\bcreate\\b|\\binto\\s+temp", Pattern.CASE_INSENSITIVE);
    /** Syntax; unknown schema, table, column and function; ambiguous column. */
    private static final Set<String> FAULTS = Set.of("42601", "3F000", "42P01", "42703", "42883", "42702");

    private SqlCheck() {}

    /**
     * What is wrong in a file with SQL, as the database says it, without a full stop; empty if nothing is.
     *
     * @param text what the file contains, with parameters as camel-sql takes them
     * @throws SQLException if the database can't be asked
     */
    public static Optional<String> fault(DataSource database, String text) throws SQLException {
        String plain = COMMENT.matcher(text).replaceAll("");
        if (plain.isBlank()) {
            return Optional.of("the file is empty");
        }
        if (MAKING.matcher(plain).find()) {
            return Optional.empty();
        }
        // As a whole, because what looks like a comment may be in a literal.
        String sql = PARAMETER.matcher(text).replaceAll("?");
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.getMetaData();
            return Optional.empty();
        } catch (SQLException e) {
            if (FAULTS.contains(String.valueOf(e.getSQLState()))) {
                return Optional.of(DatabaseMessages.firstLine(e).replaceFirst("^ERROR: ", ""));
            }
            if (String.valueOf(e.getSQLState()).startsWith("42")) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
