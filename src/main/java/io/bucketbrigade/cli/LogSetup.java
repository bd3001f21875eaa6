package io.bucketbrigade.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Where the log goes and how a line of it looks. Said here and not in a logback.xml, because reading one takes longer than
 * all else that a small command does. An own logback.xml, named by -Dlogback.configurationFile, is still read instead.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %msg%n%ex");
        encoder.start();
        ConsoleAppender<ILoggingEvent> terminal = new ConsoleAppender<>();
        terminal.setContext(context);
        terminal.setTarget("System.err");
        terminal.setEncoder(encoder);
        terminal.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(terminal);
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger("io.bucketbrigade").setLevel(Level.INFO);
        // What goes wrong with migrations is said by us.
        context.getLogger("org.flywaydb").setLevel(Level.OFF);
        // Logs the whole exception of every poll that fails, which the route's exception handler says in one line.
        context.getLogger("org.apache.camel.component.aws2.sqs.Sqs2Consumer").setLevel(Level.OFF);
        // Says several times a second that a broker is away, which the relay and the senders' answers say in words.
        context.getLogger("org.apache.kafka").setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** How a line looks with BRIGADE_LOG=json. */
    static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonLines lines = new JsonLines();
        lines.setContext(context);
        lines.start();
        return lines;
    }
}
