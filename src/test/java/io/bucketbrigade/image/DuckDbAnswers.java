package io.bucketbrigade.image;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/** A program that asks DuckDB something, for a class path of a test's choice. */
final class DuckDbAnswers {
    private DuckDbAnswers() {}

    /** Prints what 6 times 7 is. */
    public static void main(String[] arguments) throws Exception {
        try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 6 * 7")) {
            rows.next();
            System.out.println("DuckDB says " + rows.getInt(1));
        }
    }
}
