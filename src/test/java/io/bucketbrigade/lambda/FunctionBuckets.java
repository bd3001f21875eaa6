package io.bucketbrigade.lambda;

import io.bucketbrigade.support.FaultProxy;
import io.bucketbrigade.support.TestBuckets;
import io.bucketbrigade.support.TestService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The two buckets of a function. S3Proxy answers conditions rightly, but compares and puts in two steps; the proxy in front of it lets what is written to the
 * result bucket through one after another, as S3 does for each object.
 */
final class FunctionBuckets implements AutoCloseable {
    static final String RESULT = "pipeline_result.csv";
    static final String REJECTED = "rejected.csv";
    static final String FAILURE = "pipeline_result.failure.json";
    static final String USERS = "user_id,first_name,last_name\n1,Ana,Silva\n2,Bo,Berg\n";

    private final TestBuckets server = TestBuckets.s3Proxy();
    private final FaultProxy proxy = new FaultProxy(server.endpoint());
    final String raw = server.newBucket();
    final String results = server.newBucket();

    FunctionBuckets() throws IOException {
        proxy.oneAtATime(
                request -> !request.method().equals("GET") && request.target().startsWith("/" + results + "/"));
    }

    FaultProxy proxy() {
        return proxy;
    }

    /** The environment of a function. */
    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(server.environment(proxy.endpoint()));
        environment.put("BRIGADE_HOME", TestService.HOME.toString());
        environment.put("AWS_LAMBDA_FUNCTION_NAME", "aggregate-lambda-md4-api");
        environment.put("LEADERBOARD_RAW", "s3://" + raw);
        environment.put("LEADERBOARD_RESULT", "s3://" + results);
        return environment;
    }

    void put(String file, String text) {
        server.put(raw, file, text);
    }

    /** As the service or the command aggregate would. */
    void putResult(String text) {
        server.put(results, RESULT, text);
    }

    void delete(String file) {
        server.client().deleteObject(request -> request.bucket(raw).key(file));
    }

    /** messages.csv in which each of these authors has one more message than the one before. */
    static String messages(int... authors) {
        StringBuilder rows = new StringBuilder("message_id,author_id,received_at,content\n");
        int id = 0;
        for (int place = 0; place < authors.length; place++) {
            for (int message = 0; message <= place; message++) {
                rows.append(++id).append(',').append(authors[place]).append(",2026-01-01T00:00:00Z,hello\n");
            }
        }
        return rows.toString();
    }

    /** An object beside or instead of the result. */
    String get(String file) {
        return server.get(results, file).asUtf8String();
    }

    Map<String, String> metadata(String file) {
        return server.get(results, file).response().metadata();
    }

    /** What is in the result bucket. */
    List<String> written() {
        return server.client().listObjects(request -> request.bucket(results)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** Another function for these buckets, whose requests no rule sees. */
    Other other(Path folder) {
        Map<String, String> environment = environment();
        environment.putAll(server.environment());
        return new Other(new AggregateFunction(environment, folder.resolve("other")));
    }

    /** Another function, for use where exceptions can't be declared. */
    final class Other implements AutoCloseable {
        private final AggregateFunction function;

        private Other(AggregateFunction function) {
            this.function = function;
        }

        void call() {
            try {
                FunctionBuckets.this.call(function);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            function.close();
        }
    }

    /** A notification of S3. */
    static String event(String bucket) {
        return """
                {"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put",
                 "s3":{"bucket":{"name":"%s"},"object":{"key":"messages.csv"}}}]}
                """.formatted(bucket);
    }

    /** Calls a function because something in the raw bucket changed. */
    String call(AggregateFunction function) throws IOException {
        return call(function, event(raw));
    }

    static String call(AggregateFunction function, String event) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        function.handle(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), answer);
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** How often something of the result bucket was put or deleted so far. */
    long writes() {
        return proxy.requests().stream()
                .filter(request -> request.target().startsWith("/" + results + "/"))
                .filter(request ->
                        request.method().equals("PUT") || request.method().equals("DELETE"))
                .count();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }
}
