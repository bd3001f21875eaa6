package io.bucketbrigade.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged: our own words always, those of the libraries only where something is wrong. */
final class LogLevels {
    private LogLevels() {}

    static void prepare(boolean verbose) {
        level("io.bucketbrigade", verbose ? Level.DEBUG : Level.INFO);
        // What stops a start, or goes wrong with the embedded server or a connection, is reported by us in a sentence.
        level("org.apache.camel.impl.engine", verbose ? Level.INFO : Level.OFF);
        level("io.zonky", verbose ? Level.INFO : Level.OFF);
        level("org.flywaydb", verbose ? Level.INFO : Level.OFF);
        level("org.apache.kafka", verbose ? Level.WARN : Level.OFF);
        // Says that Camel registers one of its own gauges twice, which is of no use to anybody here.
        level("io.micrometer", verbose ? Level.INFO : Level.ERROR);
        // Connections that come in the moment in which the port is closed.
        level("io.netty.bootstrap", verbose ? Level.INFO : Level.ERROR);
        level("com.zaxxer.hikari", verbose ? Level.INFO : Level.ERROR);
        level(org.slf4j.Logger.ROOT_LOGGER_NAME, verbose ? Level.INFO : Level.WARN);
    }

    /** One-shot commands print their result themselves. */
    static void onlyWarnings() {
        level("io.bucketbrigade", Level.WARN);
    }

    /** What a command tries on purpose may go wrong on purpose. */
    static void onlyErrors() {
        level("io.bucketbrigade", Level.OFF);
    }

    private static void level(String name, Level level) {
        if (LoggerFactory.getLogger(name) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
