package io.bucketbrigade.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged: our own words always, those of the libraries only where something is wrong. */
final class Logging {
    private Logging() {}

    static void prepare(boolean verbose) {
        level("io.bucketbrigade", verbose ? Level.DEBUG : Level.INFO);
        // What stops a start, or goes wrong with the embedded server or a connection, is told by us in a sentence.
        level("org.apache.camel.impl.engine", verbose ? Level.INFO : Level.OFF);
        level("io.zonky", verbose ? Level.INFO : Level.OFF);
        level("com.zaxxer.hikari", verbose ? Level.INFO : Level.ERROR);
        level(org.slf4j.Logger.ROOT_LOGGER_NAME, verbose ? Level.INFO : Level.WARN);
    }

    /** One-shot commands print their result themselves. */
    static void onlyWarnings() {
        level("io.bucketbrigade", Level.WARN);
    }

    private static void level(String name, Level level) {
        if (LoggerFactory.getLogger(name) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
