package io.bucketbrigade.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Spark, in a process of its own. .ci/run builds it from src/test/spark. */
public final class TestSpark {
    private static final Path PROGRAM = TestService.HOME.resolve("target/test-servers/spark/target");
    private static final int PATIENCE_SECONDS = 240;
    /** What Spark's own start scripts open on Java 17. */
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/sun.nio.ch",
            "java.base/sun.nio.cs",
            "java.base/sun.security.action",
            "java.base/sun.util.calendar");

    private TestSpark() {}

    /** Whether it is built. */
    public static boolean isInstalled() {
        return Files.exists(PROGRAM.resolve("classes/AskSpark.class"));
    }

    /**
     * What Spark answers to statements: for each, its rows, the values of a row separated by |, or one line {@code !! } and what was wrong.
     *
     * @param folder where its files go
     */
    public static List<List<String>> ask(Path folder, Map<String, String> settings, List<String> statements)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        OPENED.forEach(opened -> command.add("--add-opens=" + opened + "=ALL-UNNAMED"));
        command.addAll(List.of(
                "-Xmx768m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                "-Djava.net.preferIPv4Stack=true",
                "-cp",
                PROGRAM.resolve("classes") + ":" + PROGRAM.resolve("lib") + "/*",
                "AskSpark"));
        Path questions = Files.write(
                folder.resolve("questions"),
                Stream.concat(
                                settings.entrySet().stream()
                                        .map(setting -> "--conf " + setting.getKey() + "=" + setting.getValue()),
                                statements.stream())
                        .toList());
        Path answers = folder.resolve("answers");
        Path errors = folder.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(questions.toFile())
                .redirectOutput(answers.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        Process spark = builder.start();
        try {
            assertThat(spark.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(spark.exitValue())
                    .as(Files.readString(errors, StandardCharsets.UTF_8))
                    .isZero();
        } finally {
            spark.destroyForcibly();
        }
        List<List<String>> all = new ArrayList<>();
        for (String line : Files.readAllLines(answers)) {
            if (line.equals("== " + all.size())) {
                all.add(new ArrayList<>());
            } else {
                all.get(all.size() - 1).add(line);
            }
        }
        assertThat(all).hasSameSizeAs(statements);
        return all;
    }
}
