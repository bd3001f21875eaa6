package io.bucketbrigade.streams;

import io.bucketbrigade.runs.RecurringFailures;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The component {@code stream}. What is sent to {@code stream:NAME} are rows of the pipeline NAME, as its pipeline.yaml describes them; the
 * answer comes when they are on the disk. A route that begins with {@code stream:NAME?reader=WHO} gets them in batches, each row once for each
 * reader; what it does with {@code #runDatabase} is committed together with the reader's position.
 */
public final class StreamComponent extends DefaultComponent {
    /** Its scheme. */
    public static final String SCHEME = "stream";

    private final Streams streams;
    private final RecurringFailures failures;

    /** @param failures gets why a reader can't go on */
    public StreamComponent(Streams streams, RecurringFailures failures) {
        this.streams = streams;
        this.failures = failures;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String pipeline, Map<String, Object> parameters) throws Exception {
        StreamEndpoint endpoint = new StreamEndpoint(uri, this, pipeline);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    Streams streams() {
        return streams;
    }

    RecurringFailures failures() {
        return failures;
    }
}
