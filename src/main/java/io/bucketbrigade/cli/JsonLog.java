package io.bucketbrigade.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.bucketbrigade.files.FilePaths;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The log where machines read it: everything that the process says is a line of JSON, also what libraries log by other means, what ends a thread, and
 * what stops a start. So it has to begin before the settings are read, which may be what is wrong.
 */
final class JsonLog {
    /** The value of BRIGADE_LOG that turns it on. */
    static final String FORMAT = "json";

    private static final Pattern IN_FILE =
            Pattern.compile("(?mi)^\\s*brigade[._]log\\s*[=:\\s]\\s*" + FORMAT + "\\s*$");

    /** Speaks for the command; no level of the libraries or of our packages silences it. */
    static final org.slf4j.Logger LOG = LoggerFactory.getLogger("brigade");

    private static volatile boolean isOn;

    private JsonLog() {}

    /** Whether it is on. */
    static boolean isOn() {
        return isOn;
    }

    /** Turns it on if the environment, or else brigade.properties, asks for it. */
    static void beginIfAskedFor(Map<String, String> environment) {
        String asked = environment.get("BRIGADE_LOG");
        if ((asked != null && FORMAT.equals(asked.strip()))
                || (asked == null && isAskedFor(FilePaths.of("brigade.properties")))) {
            begin();
        }
    }

    private static boolean isAskedFor(Path file) {
        try {
            return Files.exists(file) && IN_FILE.matcher(Files.readString(file)).find();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** Turns it on. */
    static void begin() {
        if (isOn || !(LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root)) {
            return;
        }
        isOn = true;
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof OutputStreamAppender<ILoggingEvent> terminal) {
                terminal.setEncoder(LogSetup.json(root.getLoggerContext()));
            }
        });
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        root.getLoggerContext().getLogger(LOG.getName()).setLevel(Level.INFO);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, thrown) -> LOG.error("The thread {} ended with an error", thread.getName(), thrown));
    }

    /** What is printed there is logged, line by line. */
    static PrintWriter lines(Consumer<String> log) {
        return new PrintWriter(new LoggedLines(log), true);
    }

    private static final class LoggedLines extends Writer {
        private final Consumer<String> log;
        private final StringBuilder line = new StringBuilder();

        LoggedLines(Consumer<String> log) {
            this.log = log;
        }

        @Override
        public void write(char[] characters, int offset, int length) {
            for (int at = offset; at < offset + length; at++) {
                if (characters[at] == '\n') {
                    end();
                } else {
                    line.append(characters[at]);
                }
            }
        }

        private void end() {
            String text = line.toString().strip();
            line.setLength(0);
            if (!text.isEmpty()) {
                log.accept(text);
            }
        }

        @Override
        public void flush() {
            // A line is logged when it ends.
        }

        @Override
        public void close() {
            end();
        }
    }
}
