package io.bucketbrigade.tracing;

import io.bucketbrigade.csv.Counted;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in one line, and not again for a while, that traces can't be sent; and that they are sent again. */
final class WatchedExporter implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedExporter.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(5).toNanos();

    private final SpanExporter exporter;
    private final String address;
    private boolean isFailing;
    private long lastSaid;
    private long lost;

    /** @param address of the endpoint, for people */
    WatchedExporter(SpanExporter exporter, String address) {
        this.exporter = exporter;
        this.address = address;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> {
            if (result.isSuccess()) {
                sent();
            } else {
                failed(spans.size(), result.getFailureThrowable());
            }
        });
    }

    private synchronized void sent() {
        if (isFailing) {
            LOG.info("Traces are sent to {} again; lost: {}", address, Counted.of(lost, "span"));
        }
        isFailing = false;
        lost = 0;
    }

    private synchronized void failed(int spans, @Nullable Throwable why) {
        lost += spans;
        if (!isFailing || System.nanoTime() - lastSaid > QUIET_NANOS) {
            lastSaid = System.nanoTime();
            LOG.warn(
                    "Traces can't be sent to {} ({}). Lost so far: {}. Everything else goes on. ./brigade doctor says how the endpoint answers.",
                    address,
                    words(why),
                    Counted.of(lost, "span"));
        }
        isFailing = true;
    }

    private static String words(@Nullable Throwable why) {
        if (why == null) {
            return "there was no answer in time";
        }
        return why.getCause() == null ? "they were refused" : Unreachable.words(why);
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
