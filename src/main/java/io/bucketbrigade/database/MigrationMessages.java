package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.ErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;

/** Says why the tables can't be brought up to date. */
final class MigrationMessages {
    private static final Pattern CREATED =
            Pattern.compile("CREATE\\s+(?:\\w+\\s+)?(TABLE|VIEW|INDEX)\\s+([\\w.\"]+)", Pattern.CASE_INSENSITIVE);

    private MigrationMessages() {}

    /** Those that are still to be applied, or applied again: views are written as a whole in repeatable migrations. */
    private static final Set<ErrorCode> PENDING = Set.of(
            CoreErrorCode.RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED,
            CoreErrorCode.RESOLVED_REPEATABLE_MIGRATION_NOT_APPLIED,
            CoreErrorCode.OUTDATED_REPEATABLE_MIGRATION);

    /** What a failed migration, or one that was changed, means. */
    static Problem of(Exception thrown, Flyway flyway, DatabaseAddress address, ServerFacts facts) {
        if (thrown instanceof FlywayValidateException) {
            List<String> invalid = invalid(flyway, address);
            if (!invalid.isEmpty()) {
                return new Problem(Kind.USAGE, invalid.get(0), thrown);
            }
        }
        SQLException sql = Problems.find(thrown, SQLException.class).orElse(null);
        if (sql == null) {
            return new Problem(
                    Kind.TRANSIENT,
                    "The tables in " + address + " could not be brought up to date: "
                            + (Problems.find(thrown, FlywayException.class).isPresent()
                                    ? "another process is doing so, or a file with migrations can't be read"
                                    : "the database did not answer as expected")
                            + ". Try again, with --verbose for the details.",
                    thrown);
        }
        String state = String.valueOf(sql.getSQLState());
        FlywaySqlScriptException script =
                Problems.find(thrown, FlywaySqlScriptException.class).orElse(null);
        if (state.equals("42501")) {
            return new Problem(
                    Kind.USAGE, mayNot(address, facts, "DATABASE " + Sessions.quoted(facts.database())), thrown);
        }
        if (state.equals("55P03") && script == null) {
            return new Problem(
                    Kind.TRANSIENT,
                    "The tables in " + address
                            + " could not be brought up to date: another process has been doing so for a"
                            + " minute. Try again when it is done.",
                    thrown);
        }
        if (script == null) {
            Problem known = Problems.of(sql);
            return known.kind() == Kind.INTERNAL ? DatabaseMessages.notUsable(address, sql) : known;
        }
        Matcher created = CREATED.matcher(String.valueOf(script.getStatement()));
        if (state.equals("42P07") && created.find()) {
            String name = String.valueOf(created.group(2));
            String qualified = name.contains(".") ? name : Sessions.quoted(address.schema()) + "." + name;
            return new Problem(
                    Kind.USAGE,
                    foreign(
                            address,
                            String.valueOf(created.group(1)),
                            qualified,
                            "TO " + name.substring(name.lastIndexOf('.') + 1) + "_before_brigade"),
                    thrown);
        }
        return new Problem(
                Kind.TRANSIENT,
                "The tables in " + address + " could not be brought up to date: "
                        + script.getResource().getFilename() + ", line " + script.getLineNumber() + ": "
                        + Problems.firstLine(sql.getMessage()) + ". Nothing of this migration was applied.",
                thrown);
    }

    /** The applied migrations that the program doesn't know, or knows otherwise. */
    static List<String> invalid(Flyway flyway, DatabaseAddress address) {
        return flyway.validateWithResult().invalidMigrations.stream()
                .filter(one -> !PENDING.contains(one.errorDetails.errorCode))
                .map(one -> invalid(one, address))
                .toList();
    }

    private static String invalid(ValidateOutput invalid, DatabaseAddress address) {
        ErrorCode code = invalid.errorDetails.errorCode;
        String migration = "migration " + invalid.version + " (" + invalid.description + ")";
        if (code == CoreErrorCode.APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED) {
            return "The database " + address + " has the " + migration + ", which this program does not know. Start the"
                    + " version of Bucket Brigade that applied it, or a newer one, with the same BRIGADE_ROUTES.";
        }
        if (code == CoreErrorCode.FAILED_VERSIONED_MIGRATION) {
            return "The " + migration + " failed half-way in " + address
                    + ". Undo by hand what it left, then DELETE FROM "
                    + Sessions.quoted(address.schema()) + "." + Database.MIGRATIONS + " WHERE version = '"
                    + invalid.version + "';";
        }
        return "The " + migration + " was changed after it was applied to " + address
                + ". Put the file back as it was, and make the change in a new migration.";
    }

    /** That we don't have the right to create something in a schema or a database. */
    static String mayNot(DatabaseAddress address, ServerFacts facts, String where) {
        return "The user " + facts.user() + " does not have the right to create what Bucket Brigade needs in " + address
                + ". Have a user with that right run: GRANT CREATE ON " + where + " TO " + Sessions.quoted(facts.user())
                + ";";
    }

    /** That something has a name that we need. */
    static String foreign(DatabaseAddress address, String kind, String name, String otherName) {
        return "The database " + address + " has a " + kind.toLowerCase(java.util.Locale.ROOT) + " " + name
                + " that does not belong to Bucket Brigade. Rename it: ALTER " + kind + " " + name + " RENAME "
                + otherName
                + "; or set BRIGADE_DATABASE_SCHEMA to another schema for the tables of Bucket Brigade.";
    }
}
