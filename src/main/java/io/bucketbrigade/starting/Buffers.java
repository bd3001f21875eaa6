package io.bucketbrigade.starting;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.buffers.BufferKind;
import io.bucketbrigade.buffers.BufferName;
import io.bucketbrigade.buffers.RowBuffer;
import io.bucketbrigade.buffers.RowBuffers;
import io.bucketbrigade.kafka.KafkaBuffer;
import io.bucketbrigade.kafka.KafkaClients;
import io.bucketbrigade.kinesis.KinesisBuffer;
import io.bucketbrigade.settings.Settings;

/** Makes the buffers that settings name. The clients of those that none names are not even loaded. */
final class Buffers implements RowBuffers {
    private static final String KAFKA_PROPERTIES = "brigade.kafka.properties";

    private final Settings settings;
    private final AwsClients aws;

    Buffers(Settings settings, AwsClients aws) {
        this.settings = settings;
        this.aws = aws;
    }

    @Override
    public RowBuffer open(String stream, BufferName name) {
        return switch (name.type()) {
            case KAFKA ->
                new KafkaBuffer(
                        name.name(),
                        "brigade-" + stream,
                        new KafkaClients(
                                settings.text(BufferKind.KAFKA_SERVERS),
                                settings.text(KAFKA_PROPERTIES).isEmpty() ? null : settings.path(KAFKA_PROPERTIES)));
            case KINESIS -> new KinesisBuffer(name.name(), aws.kinesis());
            case POSTGRESQL -> throw new IllegalArgumentException(name + " is in front of nothing");
        };
    }
}
