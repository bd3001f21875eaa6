package io.bucketbrigade.lambda;

import io.bucketbrigade.support.BuiltProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The built function as it runs on Lambda: AWS's own loop in a process, which asks a runtime API for events. */
final class FunctionProcess implements AutoCloseable {
    private static final String LOOP = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

    private final RuntimeApi api = new RuntimeApi();
    private final Path log;
    private final Process process;

    /** @param folder for its temporary files, as /tmp is on Lambda, and its log */
    FunctionProcess(Path folder, Map<String, String> environment) throws IOException {
        this(folder, environment, AggregateFunction.class);
    }

    /** Another function in the same loop; what the environment says of the runtime API takes precedence. */
    FunctionProcess(Path folder, Map<String, String> environment, Class<?> function) throws IOException {
        log = folder.resolve("log.txt");
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        BuiltProgram.JAVA,
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary,
                        "-XX:ErrorFile=" + folder.resolve("crash.log"),
                        "-cp",
                        BuiltProgram.JAR.toString(),
                        LOOP,
                        function.getName()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("AWS_LAMBDA_RUNTIME_API", api.address());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    RuntimeApi.Ended call(String event) throws Exception {
        CompletableFuture<RuntimeApi.Ended> call = api.call(event);
        for (int second = 0; second < 60 && process.isAlive(); second++) {
            try {
                return call.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException notYet) {
                // Unless it has ended meanwhile, it may still answer.
            }
        }
        throw new IllegalStateException("The function ended, or did not answer: " + log());
    }

    RuntimeApi api() {
        return api;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    boolean ends() throws InterruptedException {
        return process.waitFor(1, TimeUnit.MINUTES);
    }

    int status() {
        return process.exitValue();
    }

    /** As when Lambda ends a call that takes too long. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        api.close();
    }
}
