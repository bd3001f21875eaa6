package io.bucketbrigade.database;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A file with SQL that a route runs, and what is wrong in it.
 *
 * @param path where it is
 * @param text what it contains, with parameters as camel-sql takes them
 */
public record SqlFile(Path path, String text) {
    private static final Pattern COMMENT = Pattern.compile("--.*|/\\*[\\s\\S]*?\\*/");
    private static final Pattern MAKING = Pattern.compile("\\bcreate\\b|\\binto\\s+temp", Pattern.CASE_INSENSITIVE);
    /** Syntax; unknown schema, table, column and function; ambiguous column. */
    private static final Set<String> FAULTS = Set.of("42601", "3F000", "42P01", "42703", "42883", "42702");

    private static final Pattern PARAMETER = Pattern.compile(":[#?](?:in:)?(?:\\$\\{[^}]*}|\\w+)");
    private static final Pattern TOKEN = Pattern.compile("\\w+|\"[^\"]+\"|[^\\s\\w]");

    /**
     * What is wrong in it; empty if nothing is. The database reads it and runs nothing. Statements that make tables are not judged, because the next
     * one may use what the database can't know yet; nor are types, which the values of parameters decide.
     *
     * @throws SQLException if the database can't be asked
     */
    public Optional<Problem> fault(DataSource database) throws SQLException {
        String plain = COMMENT.matcher(text).replaceAll("");
        if (plain.isBlank()) {
            return Optional.of(
                    new Problem(Kind.PIPELINE, FilePaths.shown(path) + ": the file is empty. Write SQL in it."));
        }
        if (MAKING.matcher(plain).find()) {
            return Optional.empty();
        }
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sent())) {
            statement.getMetaData();
            return Optional.empty();
        } catch (SQLException e) {
            if (FAULTS.contains(String.valueOf(e.getSQLState()))) {
                return Optional.of(problem(e, e));
            }
            if (String.valueOf(e.getSQLState()).startsWith("42")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The indexes of the lines that camel-sql sends; it leaves out empty ones and comments. */
    private List<Integer> sentLines() {
        List<String> lines = text.lines().map(String::strip).toList();
        return IntStream.range(0, lines.size())
                .filter(at -> !lines.get(at).isEmpty() && !lines.get(at).startsWith("--"))
                .boxed()
                .toList();
    }

    /** The SQL that the database gets, with a question mark for each parameter. */
    private String sent() {
        List<String> lines = text.lines().toList();
        String sent = String.join("\n", sentLines().stream().map(lines::get).toList());
        return PARAMETER.matcher(sent).replaceAll("?");
    }

    /**
     * What the database finds wrong in it, with the line where the database says where.
     *
     * @param failure what Camel or Spring made of it, which routes may catch by its class
     */
    public Problem problem(SQLException refusal, Exception failure) {
        String name = FilePaths.shown(path);
        int line = line(refusal);
        String place = name + (line > 0 ? ", line " + line : "");
        return new Problem(Kind.PIPELINE, place + ": " + words(refusal), name, line, null, failure);
    }

    /** What the database finds wrong in any SQL, and what to do. */
    public static String words(SQLException refusal) {
        ServerErrorMessage said = said(refusal);
        String finding = said == null
                ? Problems.firstLine(refusal.getMessage()) + "."
                : said.getMessage() + "." + (said.getHint() == null ? "" : " " + said.getHint());
        return finding + " Correct the SQL, or the tables that it uses.";
    }

    private static @Nullable ServerErrorMessage said(SQLException refusal) {
        return refusal instanceof PSQLException server ? server.getServerErrorMessage() : null;
    }

    /**
     * The line, from 1; 0 if it can't be told. The database counts the characters of a statement but does not say of which, so among several long
     * enough it is the one that has there what the message names.
     */
    private int line(SQLException refusal) {
        ServerErrorMessage said = said(refusal);
        if (said == null || said.getPosition() == 0) {
            return 0;
        }
        List<Integer> possible = new ArrayList<>();
        List<Integer> named = new ArrayList<>();
        int ended = 0;
        for (NativeQuery statement : statements()) {
            String sql = statement.nativeSql;
            // The server counts characters, of which some take two in Java.
            if (said.getPosition() - 1 <= sql.codePointCount(0, sql.length())) {
                int before = sql.offsetByCodePoints(0, said.getPosition() - 1);
                int index = ended + lineEnds(sql.substring(0, before));
                possible.add(index);
                if (names(String.valueOf(said.getMessage()), sql.substring(before))) {
                    named.add(index);
                }
            }
            ended += lineEnds(sql);
        }
        List<Integer> found = possible.size() == 1 ? possible : named;
        List<Integer> sent = sentLines();
        return found.size() == 1 && found.get(0) < sent.size() ? sent.get(found.get(0)) + 1 : 0;
    }

    private List<NativeQuery> statements() {
        try {
            return Parser.parseJdbcSql(sent(), true, true, true, false, false);
        } catch (SQLException unreadable) {
            return List.of();
        }
    }

    private static int lineEnds(String sql) {
        return (int) sql.chars().filter(symbol -> symbol == '\n').count();
    }

    private static boolean names(String message, String rest) {
        Matcher token = TOKEN.matcher(rest);
        if (!token.lookingAt()) {
            return rest.isEmpty() && message.endsWith("end of input");
        }
        String word = "(?i)(?<!\\w)" + Pattern.quote(token.group()) + "(?!\\w)";
        return Pattern.compile(word).matcher(message).find();
    }
}
