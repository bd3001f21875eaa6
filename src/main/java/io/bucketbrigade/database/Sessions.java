package io.bucketbrigade.database;

import com.zaxxer.hikari.HikariConfig;

/**
 * How sessions are set up. What our SQL depends on comes neither from this machine's time zone nor from what somebody set for the
 * role or the database.
 *
 * <p>A pooler may give every transaction another session. It passes on the time zone and little else, so names in our SQL
 * carry their schema, and nothing relies on a session that outlives its transaction. Prepared statements do: they are off
 * behind a pooler unless the address asks for them.
 */
final class Sessions {
    private static final String EVERYWHERE = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'";

    private static final String OWN = EVERYWHERE
            + "; SET IntervalStyle = 'postgres'; SET standard_conforming_strings = on; SET statement_timeout = 0;"
            + " SET lock_timeout = 0; SET default_transaction_isolation = 'read committed'; SET search_path = ";

    private Sessions() {}

    /** Prepares a pool's sessions for a database. */
    static void configure(HikariConfig config, DatabaseAddress address, boolean pooled, String schema) {
        address.options().forEach(config::addDataSourceProperty);
        if (pooled) {
            config.setConnectionInitSql(EVERYWHERE);
            if (!address.options().containsKey("prepareThreshold")) {
                config.addDataSourceProperty("prepareThreshold", "0");
            }
        } else {
            config.setConnectionInitSql(OWN + searchPath(schema));
        }
    }

    /** What is installed in public, such as extensions, is found too. */
    private static String searchPath(String schema) {
        return schema.equals("public") ? "public" : quoted(schema) + ", public";
    }

    /** A name as SQL writes it. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
