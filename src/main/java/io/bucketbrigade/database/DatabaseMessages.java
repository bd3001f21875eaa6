package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.sql.SQLException;

/** Says why a database can't be used. */
final class DatabaseMessages {
    private DatabaseMessages() {}

    static Problem notUsable(DatabaseAddress address, SQLException e) {
        String why = Problems.firstLine(e.getMessage());
        for (String value : address.options().values()) {
            // It may be a part of the password that was read as an option.
            why = value.isEmpty() ? why : why.replace(value, "…");
        }
        String what = why.contains("\"TimeZone\"")
                ? "It does not know this machine's time zone; start with TZ=UTC."
                : "Check address, user and password.";
        return new Problem(Kind.TRANSIENT, "The database " + address + " can't be used: " + why + ". " + what, e);
    }
}
