package io.bucketbrigade.database;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where a PostgreSQL is and who we are there.
 *
 * @param jdbcUrl the address for JDBC, without user, password and options
 * @param user the user; blank if the address names none
 * @param password the password; blank if the address names none
 * @param schema the schema of the tables; blank if nobody named one
 * @param options what else the address asks of the driver, by the driver's names; may hold secrets
 */
public record DatabaseAddress(
        String jdbcUrl, String user, String password, String schema, Map<String, String> options) {

    public DatabaseAddress {
        options = Map.copyOf(options);
    }

    /** A server on this machine that asks for no password. */
    static DatabaseAddress local(String port, String schema) {
        return new DatabaseAddress(
                "jdbc:postgresql://localhost:" + port + "/postgres", "postgres", "", schema, Map.of());
    }

    /**
     * Reads an address, and takes from the settings what it doesn't say: user, password and schema.
     *
     * @param settings the value of a setting, by its key
     * @throws Problem if it is not an address, or can be read in more than one way; the message repeats nothing of it
     */
    public static DatabaseAddress of(String text, UnaryOperator<String> settings) {
        DatabaseAddress address =
                parse(text, settings.apply("brigade.database.user"), settings.apply("brigade.database.password"));
        return address.schema().isEmpty() ? address.in(settings.apply("brigade.database.schema")) : address;
    }

    /**
     * Reads an address as people write it: {@code postgresql://user:password@host:port/db}, {@code postgres://…} or
     * {@code jdbc:postgresql://…?user=…&password=…}.
     *
     * @param defaultUser the user where the address has none
     * @param defaultPassword the password where the address has none
     * @throws Problem if it is not an address, or can be read in more than one way; the message repeats nothing of it
     */
    public static DatabaseAddress parse(String text, String defaultUser, String defaultPassword) {
        AddressReading reading = AddressReading.of(text);
        return new DatabaseAddress(
                "jdbc:postgresql://" + reading.hosts() + "/" + reading.database(),
                reading.user().isEmpty() ? defaultUser : reading.user(),
                reading.password().isEmpty() ? defaultPassword : reading.password(),
                reading.schema(),
                reading.options());
    }

    /** The same with its tables in a schema. */
    public DatabaseAddress in(String otherSchema) {
        return new DatabaseAddress(jdbcUrl, user, password, otherSchema, options);
    }

    static Problem refused(String why) {
        return new Problem(
                Kind.USAGE,
                "The address of the database can't be read: " + why
                        + ". Write postgresql://user:password@host:port/database. In the password, write % as %25, / as %2F, ? as %3F,"
                        + " # as %23, @ as %40 and & as %26, or leave it out and set BRIGADE_DATABASE_PASSWORD.");
    }

    /** The address without its secrets, for people. */
    @Override
    public String toString() {
        return jdbcUrl.substring("jdbc:".length());
    }
}
