package io.bucketbrigade.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A running service that sales are sent to, and its database.
 *
 * @param service the service
 * @param jdbc the address of its database
 */
record SalesTarget(Service service, String jdbc) {
    /** How many rows an array has. */
    static final int BATCH = 500;

    private static final int CONNECTIONS = 8;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Rows as arrays of {@link #BATCH}. */
    static List<byte[]> arrays(List<String> rows) {
        List<byte[]> arrays = new ArrayList<>();
        for (int at = 0; at < rows.size(); at += BATCH) {
            arrays.add(("[" + String.join(",", rows.subList(at, Math.min(rows.size(), at + BATCH))) + "]").getBytes());
        }
        return arrays;
    }

    /**
     * Sends arrays from 8 connections.
     *
     * @param perSecond how many a second; 0 for as many as possible
     */
    void send(List<byte[]> arrays, double perSecond) throws Exception {
        AtomicLong next = new AtomicLong();
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        List<Future<?>> senders = new ArrayList<>();
        for (int sender = 0; sender < CONNECTIONS; sender++) {
            senders.add(threads.submit(() -> {
                for (long at = next.getAndIncrement(); at < arrays.size(); at = next.getAndIncrement()) {
                    if (perSecond > 0) {
                        long due = start + (long) (at / perSecond * 1e9);
                        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                    }
                    send(arrays.get((int) at));
                }
                return null;
            }));
        }
        for (Future<?> sender : senders) {
            sender.get();
        }
        threads.shutdown();
    }

    private void send(byte[] array) throws IOException, InterruptedException {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(service.address("/transactions")))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(array))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200 || !answer.body().contains("\"rejected\":0")) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
    }

    /** Does something while nothing is read from the log: readers pass over partitions that another session has locked. */
    <T> T withoutReaders(Alternating.Measured<T> task) throws Exception {
        awaitReaders();
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement lock = connection.createStatement()) {
            connection.setAutoCommit(false);
            lock.execute("SELECT FROM brigade.stream_readers FOR UPDATE");
            T result = task.run();
            connection.rollback();
            awaitReaders();
            return result;
        }
    }

    void awaitReaders() throws SQLException, InterruptedException {
        while (behind() > 0) {
            Thread.sleep(20);
        }
    }

    /** How many rows store or warehouse has not dealt with; the archive waits for a minute on purpose. */
    long behind() throws SQLException {
        return number("SELECT coalesce(max(rows), 0) FROM (SELECT sum(p.position - r.position) AS rows FROM brigade.stream_readers r"
                + " JOIN brigade.stream_partitions p USING (stream, partition) WHERE r.reader <> 'archive' GROUP BY r.reader)"
                + " AS readers");
    }

    long stored() throws SQLException {
        return number("SELECT coalesce(sum(position), 0) FROM brigade.stream_partitions");
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbc);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
