package io.bucketbrigade.support;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.services.s3.model.S3Object;

/** COPY as Redshift has it: all objects whose keys begin so, compressed lines of JSON, and a table in which is what was wrong in them. */
final class RedshiftCopy {
    private static final Pattern COPY =
            Pattern.compile("COPY (\\w+) FROM 's3://([^/']+)/([^']+)' IAM_ROLE (?:default|'arn:[^']+')"
                    + " FORMAT JSON 'auto' GZIP TIMEFORMAT 'auto' COMPUPDATE OFF STATUPDATE OFF");

    private final TestBuckets buckets;
    private final Connections connections;
    private volatile String refused = "";

    /** Makes connections to the database, for what is kept whatever becomes of a transaction. */
    interface Connections {
        Connection open() throws SQLException;
    }

    RedshiftCopy(TestBuckets buckets, Connections connections) {
        this.buckets = buckets;
        this.connections = connections;
    }

    static boolean isCopy(String sql) {
        return sql.startsWith("COPY ");
    }

    void refuseLinesWith(String text) {
        refused = text;
    }

    void run(Connection connection, String sql) throws SQLException {
        Matcher copy = COPY.matcher(sql);
        if (!copy.matches()) {
            throw new SQLException("ERROR: syntax error, in Redshift, in " + sql);
        }
        String bucket = copy.group(2);
        List<String> keys =
                buckets
                        .client()
                        .listObjectsV2(request -> request.bucket(bucket).prefix(copy.group(3)))
                        .contents()
                        .stream()
                        .map(S3Object::key)
                        .toList();
        if (keys.isEmpty()) {
            throw new SQLException("ERROR: The specified S3 prefix '" + copy.group(3) + "' does not exist");
        }
        for (String key : keys) {
            load(
                    connection,
                    copy.group(1),
                    "s3://" + bucket + "/" + key,
                    buckets.get(bucket, key).asByteArray());
        }
    }

    private void load(Connection connection, String table, String file, byte[] zipped) throws SQLException {
        int line = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(new ByteArrayInputStream(zipped)), StandardCharsets.UTF_8));
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO " + table + " SELECT * FROM json_populate_record(NULL::" + table + ", ?::json)")) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                line++;
                if (!refused.isEmpty() && text.contains(refused)) {
                    throw new SQLException("Invalid value");
                }
                insert.setString(1, text);
                insert.executeUpdate();
            }
            requireBytes(connection, table);
        } catch (SQLException wrong) {
            keep(file, line, wrong);
            throw new SQLException("ERROR: Load into table '" + table
                    + "' failed.  Check 'sys_load_error_detail' system table for details.");
        } catch (IOException unreadable) {
            throw new SQLException("ERROR: " + unreadable.getMessage());
        }
    }

    /** PostgreSQL counts characters in VARCHAR, Redshift bytes. */
    private static void requireBytes(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table
                        + " WHERE octet_length(invoice_no) > 400 OR octet_length(stock_code) > 400 OR octet_length(customer_id) > 400"
                        + " OR octet_length(country) > 400 OR octet_length(description) > 65535")) {
            row.next();
            if (row.getLong(1) > 0) {
                throw new SQLException("String length exceeds DDL length");
            }
        }
    }

    private void keep(String file, int line, SQLException wrong) throws SQLException {
        try (Connection own = connections.open();
                PreparedStatement insert = own.prepareStatement(
                        "INSERT INTO sys_load_error_detail VALUES (?, ?, 'stock_code', left(?, 500))")) {
            insert.setString(1, file);
            insert.setInt(2, line);
            insert.setString(3, wrong.getMessage());
            insert.executeUpdate();
        }
    }
}
