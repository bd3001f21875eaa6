package io.bucketbrigade.buffers;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;

/** The kind of a setting that says where the rows of a stream go first. */
public final class BufferKind implements SettingKind {
    /** The setting that says where Kafka is. */
    public static final String KAFKA_SERVERS = "brigade.kafka.servers";

    @Override
    public String wanted() {
        return BufferName.WANTED;
    }

    @Override
    public void check(String name, String value, Settings settings) {
        BufferName buffer = BufferName.of(value);
        if (buffer.type() == BufferName.Type.KAFKA
                && settings.text(KAFKA_SERVERS).isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "'" + value + "' needs the addresses of Kafka. Set " + Settings.variable(KAFKA_SERVERS)
                            + ", such as broker-1:9092,broker-2:9092.");
        }
    }
}
