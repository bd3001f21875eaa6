package io.bucketbrigade.storage;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StartupListener;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The access to S3, through the routes whose names begin with s3-.
 *
 * <p>Requests that fail for a transient reason are tried again by the client. What it doesn't try again is an answer whose body
 * breaks off, because it hands bodies on as streams; that is done here.
 */
public final class ObjectStore {
    static final int PIECE = 4 * 1024 * 1024;
    private static final int AHEAD = 4;
    private static final int PAGE = 1000;
    private static final RetryPolicy<Object> BROKEN_BODIES = RetryPolicy.builder()
            .handle(IOException.class)
            .withMaxAttempts(4)
            .withBackoff(Duration.ofMillis(100), Duration.ofSeconds(2))
            .withJitter(0.5)
            .build();

    private final CamelContext context;
    /** What a dynamic endpoint needs is not started while the context starts, and a timer may already call by then. */
    private final CompletableFuture<Void> started = new CompletableFuture<>();

    private final int readers;
    private @Nullable ProducerTemplate routes;
    private @Nullable ExecutorService fetching;

    /**
     * @param context where the routes run
     * @param readers how many threads read an object at the same time
     */
    public ObjectStore(CamelContext context, int readers) {
        this.context = context;
        this.readers = readers;
        try {
            context.addStartupListener(new Started());
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    private final class Started implements StartupListener {
        @Override
        public void onCamelContextStarted(CamelContext starting, boolean alreadyStarted) {
            // Too early: see above.
        }

        @Override
        public void onCamelContextFullyStarted(CamelContext starting, boolean alreadyStarted) {
            started.complete(null);
        }
    }

    /**
     * An object as it is listed now. Asks for the keys that begin like this one, which comes first among them, so it doesn't
     * matter how many others there are.
     *
     * @throws Problem if S3 refuses or can't be reached
     */
    Optional<S3Object> find(String bucket, String key) {
        String after = null;
        while (true) {
            List<S3Object> page = page(bucket, key, after);
            Optional<S3Object> found =
                    page.stream().filter(object -> object.key().equals(key)).findFirst();
            if (found.isPresent() || page.size() < PAGE) {
                return found;
            }
            after = page.get(page.size() - 1).key();
        }
    }

    /**
     * All objects whose keys begin so.
     *
     * @throws Problem if S3 refuses or can't be reached
     */
    List<S3Object> list(String bucket, String prefix) {
        List<S3Object> all = new ArrayList<>();
        List<S3Object> page = page(bucket, prefix, null);
        all.addAll(page);
        while (page.size() == PAGE) {
            page = page(bucket, prefix, page.get(PAGE - 1).key());
            all.addAll(page);
        }
        return all;
    }

    /**
     * Some of the objects whose keys begin so: those that one request lists.
     *
     * @throws Problem if S3 refuses or can't be reached
     */
    List<S3Object> firstPage(String bucket, String prefix) {
        return page(bucket, prefix, null);
    }

    private List<S3Object> page(String bucket, String prefix, @Nullable String after) {
        ListObjectsRequest request = ListObjectsRequest.builder()
                .bucket(bucket)
                .prefix(prefix)
                .marker(after)
                .maxKeys(PAGE)
                .build();
        List<?> objects = call("direct:s3-list", request, bucket, prefix, Map.of())
                .getMessage()
                .getBody(List.class);
        return objects == null
                ? List.of()
                : objects.stream().map(S3Object.class::cast).toList();
    }

    /** Reads a version of an object, in pieces. */
    ReadAhead reader(String bucket, String key, Identity version) {
        return new ReadAhead(
                version.size(),
                PIECE,
                AHEAD,
                readers,
                (into, from, length) -> read(bucket, key, version.entityTag(), from, into, length),
                fetching());
    }

    private void read(String bucket, String key, String entityTag, long from, byte[] into, int length)
            throws IOException {
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(bucket)
                .key(key)
                .ifMatch(entityTag)
                .range("bytes=" + from + "-" + (from + length - 1))
                .build();
        try {
            Failsafe.with(BROKEN_BODIES).run(() -> readOnce(request, into, length));
        } catch (FailsafeException e) {
            throw StoreProblem.brokenBody(bucket, key, String.valueOf(e.getCause()));
        }
    }

    private void readOnce(GetObjectRequest request, byte[] into, int length) throws IOException {
        Exchange answer = call("direct:s3-read", request, request.bucket(), request.key(), Map.of());
        Object body = answer.getMessage().getBody();
        if (!(body instanceof ResponseInputStream<?> bytes)) {
            throw new IllegalStateException("direct:s3-read gave " + body);
        }
        try (bytes) {
            try {
                GetObjectResponse head = (GetObjectResponse) bytes.response();
                if (!request.ifMatch().equals(head.eTag())) {
                    throw StoreProblem.changed(request.bucket(), request.key());
                }
                int count = bytes.readNBytes(into, 0, length);
                if (count < length || bytes.read() >= 0) {
                    throw new IOException("it sent " + (count < length ? "only " + count : "more than " + length)
                            + " of " + length + " bytes");
                }
            } catch (IOException | RuntimeException e) {
                bytes.abort();
                throw e;
            }
        }
    }

    /**
     * Puts an object in the place of the old one, in one step.
     *
     * @param run kept with it as {@code run-id}
     * @param lastCheck done before the last request; if it throws, the old one stays
     * @throws Problem if S3 refuses or can't be reached; the old one stays
     * @throws IOException if the file can't be read
     */
    void write(String bucket, String key, String run, Path file, Runnable lastCheck) throws IOException {
        lastCheck.run();
        try {
            call(
                    "direct:s3-write",
                    file.toFile(),
                    bucket,
                    key,
                    Map.of(
                            AWS2S3Constants.CONTENT_TYPE,
                            contentType(key),
                            AWS2S3Constants.METADATA,
                            Map.of("run-id", run),
                            AWS2S3Constants.CONTENT_LENGTH,
                            Files.size(file),
                            MultipartWrite.LAST_CHECK,
                            lastCheck));
        } catch (Problem refused) {
            if (refused.kind() == Kind.TRANSIENT) {
                // Some servers cut the connection when they refuse a body; asking for less makes them say why.
                find(bucket, key);
            }
            throw refused;
        }
    }

    /**
     * Puts an object in the place of the old one, in parts that go out as their bytes arrive, and so that it is seen when it
     * is whole.
     *
     * @param mark kept with it as {@code upload-id}
     * @throws Problem if S3 refuses or can't be reached, or if the bytes can't be read; the old one stays
     */
    void writeArriving(String bucket, String key, String mark, InputStream bytes) {
        call(
                "direct:s3-write-arriving",
                bytes,
                bucket,
                key,
                Map.of(AWS2S3Constants.CONTENT_TYPE, "text/csv", AWS2S3Constants.METADATA, Map.of("upload-id", mark)));
    }

    /**
     * Deletes an object, if it is there.
     *
     * @throws Problem if S3 refuses or can't be reached
     */
    void delete(String bucket, String key) {
        DeleteObjectRequest request =
                DeleteObjectRequest.builder().bucket(bucket).key(key).build();
        call("direct:s3-delete", request, bucket, key, Map.of());
    }

    /** What puts an object in the place of one version only. */
    ConditionalPut replacing(String bucket, String key) {
        return new ConditionalPut(bucket, key, step -> call("direct:s3-replace", step, bucket, key, Map.of())
                .getMessage()
                .getBody());
    }

    /** Results are CSV; the files of tables have other types. */
    static String contentType(String key) {
        return key.endsWith(".parquet") || key.endsWith(".avro")
                ? "application/octet-stream"
                : key.endsWith(".json") ? "application/json" : "text/csv";
    }

    /**
     * Takes one step of an upload in parts.
     *
     * @return what the step returns
     * @throws Problem if S3 refuses or can't be reached, or if what arrives can't be read
     */
    Object multipart(String bucket, String key, MultipartWrite.Step step) {
        return call("direct:s3-multipart", step, bucket, key, Map.of())
                .getMessage()
                .getBody();
    }

    private Exchange call(String route, Object body, String bucket, String key, Map<String, Object> headers) {
        started.join();
        Exchange answer = routes().request(route, exchange -> {
            exchange.setVariable("bucket", bucket);
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new HashMap<>(headers));
            exchange.getMessage().setHeader(AWS2S3Constants.KEY, key);
        });
        if (answer.getException() != null) {
            throw StoreProblem.of(answer.getException(), bucket, key);
        }
        return answer;
    }

    private synchronized ProducerTemplate routes() {
        if (routes == null) {
            routes = context.createProducerTemplate();
        }
        return routes;
    }

    private synchronized ExecutorService fetching() {
        if (fetching == null) {
            fetching = context.getExecutorServiceManager().newCachedThreadPool(this, "s3-reading");
        }
        return fetching;
    }
}
