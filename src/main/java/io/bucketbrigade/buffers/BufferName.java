package io.bucketbrigade.buffers;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the rows of a stream go first.
 *
 * @param type what keeps them
 * @param name the topic of Kafka or the stream of Kinesis; empty for PostgreSQL
 */
public record BufferName(Type type, String name) {
    /** How it is written. */
    static final String WANTED = "postgresql, kafka:TOPIC or kinesis:STREAM";

    /** Names of both are of these characters; Kafka's may be longer than those of Kinesis. */
    private static final Pattern EXTERNAL = Pattern.compile("(kafka|kinesis):([A-Za-z0-9._-]{1,249})");

    private static final int LONGEST_STREAM = 128;

    /** What can keep rows. */
    public enum Type {
        /** The log itself, with nothing in front of it. */
        POSTGRESQL,
        KAFKA,
        KINESIS
    }

    /**
     * Reads the value of a setting.
     *
     * @throws Problem if it is not written like that
     */
    public static BufferName of(String text) {
        if (text.equals("postgresql")) {
            return new BufferName(Type.POSTGRESQL, "");
        }
        Matcher external = EXTERNAL.matcher(text);
        if (external.matches()) {
            String name = String.valueOf(external.group(2));
            boolean isKafka = "kafka".equals(external.group(1));
            if (isKafka ? !name.matches("\\.{1,2}") : name.length() <= LONGEST_STREAM) {
                return new BufferName(isKafka ? Type.KAFKA : Type.KINESIS, name);
            }
        }
        throw new Problem(Kind.USAGE, "'" + text + "' can't be used; it must be " + WANTED + ".");
    }

    /** Whether something is in front of the log. */
    public boolean isExternal() {
        return type != Type.POSTGRESQL;
    }

    /** As it is written in the setting. */
    @Override
    public String toString() {
        return switch (type) {
            case POSTGRESQL -> "postgresql";
            case KAFKA -> "kafka:" + name;
            case KINESIS -> "kinesis:" + name;
        };
    }
}
