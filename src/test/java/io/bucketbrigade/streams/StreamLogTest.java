package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.streams.StreamBatch.LogRow;
import io.bucketbrigade.support.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamLogTest {
    private static final Duration LEASE = Duration.ofSeconds(15);

    private Database database;
    private String stream = "";
    private StreamLog log;
    private StreamReading reading;

    @BeforeAll
    void connect() {
        database = TestDatabase.newMigrated();
    }

    @BeforeEach
    void create(TestInfo test) throws Exception {
        stream = "s" + Integer.toHexString(test.getDisplayName().hashCode());
        ask("SELECT brigade.create_stream('" + stream + "', 8), brigade.extend_stream('" + stream + "', '1 hour')");
        log = new StreamLog(database.pool(), stream);
        reading = new StreamReading(database.pool(), stream, "reader", LEASE);
        reading.begin();
    }

    @AfterAll
    void disconnect() {
        database.close();
    }

    private String ask(String question) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement asking = connection.createStatement();
                ResultSet row = asking.executeQuery(question)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private static Append rows(@Nullable String key, int partition, long first, int count) {
        List<ArrivedRow> rows = IntStream.range(0, count)
                .mapToObj(at -> new ArrivedRow(first + at, "", partition, "{\"n\":" + (first + at) + "}"))
                .toList();
        return new Append(key, rows, List.of(), new CompletableFuture<>());
    }

    private Receipt stored(long accepted, long duplicate) throws SQLException {
        return new Receipt(accepted, duplicate, identity());
    }

    private String identity() throws SQLException {
        return ask("SELECT id FROM brigade.stream_logs WHERE stream = '" + stream + "'");
    }

    /** All rows that the reader gets at once. */
    private List<LogRow> read(int most) throws SQLException {
        return reading.inTransaction(connection -> {
            StreamBatch batch = reading.next(connection, most, Long.MAX_VALUE);
            if (batch.size() > 0) {
                reading.move(connection, batch);
            }
            return batch.list();
        });
    }

    @Test
    void rows_get_positions_without_gaps_per_partition() throws Exception {
        assertThat(log.append(List.of(rows(null, 1, 0, 2), rows(null, 2, 0, 1), rows(null, 1, 2, 1))))
                .containsExactly(stored(2, 0), stored(1, 0), stored(1, 0));
        assertThat(read(100))
                .extracting(row -> row.partition() + "/" + row.position() + " " + row.json())
                .containsExactlyInAnyOrder("1/1 {\"n\":0}", "1/2 {\"n\":1}", "1/3 {\"n\":2}", "2/1 {\"n\":0}");
        assertThat(read(100)).isEmpty();
    }

    @Test
    void rows_for_another_log_are_not_stored_and_it_is_said_which_one_there_is() throws Exception {
        Append mine = rows("mine", 1, 0, 2);
        Append here = new Append("mine", mine.arrived(), List.of(), identity(), mine.done());
        assertThat(log.append(List.of(here))).containsExactly(stored(2, 0));
        Append elsewhere = new Append("other", rows(null, 1, 0, 3).arrived(), List.of(), "other", mine.done());
        assertThatThrownBy(() -> log.append(List.of(elsewhere)))
                .hasMessageContaining("another one than that to which the rows before these were sent")
                .hasCauseInstanceOf(OtherLog.class)
                .cause()
                .hasMessage(identity());
        assertThatThrownBy(() -> log.append(List.of(new Append(null, mine.arrived(), List.of(), "x", mine.done()))))
                .hasCauseInstanceOf(OtherLog.class);
        assertThat(ask("SELECT count(*) FROM brigade.stream_keys WHERE key = 'other' AND stream = '" + stream + "'"))
                .isEqualTo("0");
        assertThat(ask("SELECT count(*) FROM " + StreamLog.table(stream))).isEqualTo("2");
    }

    @Test
    void what_is_known_of_keys_and_of_the_log_is_asked_at_once() throws Exception {
        assertThat(log.known(Set.of()).log()).isEqualTo(identity());
        log.append(List.of(rows("known", 1, 5, 2)));
        assertThat(log.known(Set.of("known", "unknown")).keys()).hasToString("{known={[5,7)}}");
        assertThat(log.known(Set.of("unknown"))).isEqualTo(new StreamLog.Known(identity(), Map.of()));
    }

    @Test
    void a_batch_of_long_rows_has_fewer_of_them() throws Exception {
        String json = "{\"text\":\"" + "x".repeat(10_000) + "\"}";
        List<ArrivedRow> rows = IntStream.range(0, 10)
                .mapToObj(number -> new ArrivedRow(number, "", 4, json))
                .toList();
        log.append(List.of(new Append(null, rows, List.of(), new CompletableFuture<>())));
        assertThat(List.of(read(50).size(), read(1).size(), read(1000).size())).containsExactly(3, 1, 6);
    }

    @Test
    void what_is_sent_again_under_its_key_is_stored_once_however_it_is_cut() throws Exception {
        assertThat(log.append(List.of(rows("file", 3, 0, 500)))).containsExactly(stored(500, 0));
        assertThat(log.append(List.of(rows("file", 3, 400, 300), rows("file", 3, 0, 10))))
                .containsExactly(stored(200, 100), stored(0, 10));
        assertThat(log.append(List.of(rows("other", 3, 0, 1)))).containsExactly(stored(1, 0));
        assertThat(new StreamLog(database.pool(), stream).append(List.of(rows("file", 3, 699, 2))))
                .containsExactly(stored(1, 1));
        assertThat(ask("SELECT count(*) FROM " + StreamLog.table(stream))).isEqualTo("702");
    }

    @Test
    void a_key_whose_rows_are_in_all_partitions_is_one_range() throws Exception {
        List<ArrivedRow> rows = IntStream.range(0, 800)
                .mapToObj(number -> new ArrivedRow(number, "", number % 8, "{\"n\":" + number + "}"))
                .toList();
        Append half = new Append("wide", rows.subList(0, 400), List.of(), new CompletableFuture<>());
        assertThat(log.append(List.of(half))).containsExactly(stored(400, 0));
        Append all = new Append("wide", rows, List.of(), new CompletableFuture<>());
        assertThat(log.append(List.of(all))).containsExactly(stored(400, 400));
        assertThat(ask("SELECT string_agg(stored::text, '') FROM brigade.stream_keys WHERE stream = '" + stream + "'"))
                .isEqualTo("{[0,800)}");
    }

    @Test
    void one_key_used_by_two_writers_at_once_stores_each_row_once() throws Exception {
        CompletableFuture<List<Receipt>> second;
        try (Connection first = database.pool().getConnection()) {
            first.setAutoCommit(false);
            assertThat(log.append(first, List.of(rows("both", 1, 0, 10)))).containsExactly(stored(10, 0));
            second = CompletableFuture.supplyAsync(() -> append(rows("both", 2, 5, 10)));
            await().until(() -> ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'")
                    .equals("1"));
            first.commit();
        }
        assertThat(second.get(10, TimeUnit.SECONDS)).containsExactly(stored(5, 5));
    }

    @Test
    void rows_arrive_now_whatever_the_time_zone_of_the_process() throws Exception {
        TimeZone usual = TimeZone.getDefault();
        try {
            for (String zone : List.of("Asia/Tokyo", "America/New_York")) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                log.append(List.of(rows(null, 1, 0, 1)));
            }
        } finally {
            TimeZone.setDefault(usual);
        }
        assertThat(ask("SELECT bool_and(abs(extract(epoch FROM clock_timestamp() - arrived)) < 300) FROM "
                        + StreamLog.table(stream)))
                .isEqualTo("t");
    }

    @Test
    void a_reader_waits_at_a_row_that_is_missing_until_it_is_put_back() throws Exception {
        log.append(List.of(rows(null, 1, 0, 3)));
        String hidden = "UPDATE " + StreamLog.table(stream) + " SET position = %d WHERE position = %d RETURNING 1";
        ask(hidden.formatted(99, 1));
        assertThatThrownBy(() -> read(100)).hasMessageContaining("has no row at position 1 of partition 1");
        ask(hidden.formatted(1, 99));
        assertThat(read(100)).extracting(LogRow::position).containsExactly(1L, 2L, 3L);
    }

    @Test
    void a_repeated_request_rejects_nothing_twice() throws Exception {
        Append rejecting = new Append(
                "key",
                List.of(),
                List.of(new RejectedRow(4, "Quantity", "Quantity is missing.", "{}")),
                new CompletableFuture<>());
        log.append(List.of(rejecting));
        log.append(List.of(rejecting));
        assertThat(ask("SELECT string_agg(stage || number || field || reason || row, '') FROM brigade.stream_rejected"
                        + " WHERE stream = '" + stream + "'"))
                .isEqualTo("intake4QuantityQuantity is missing.{}");
    }

    @Test
    void a_rejected_row_that_is_sent_corrected_under_its_key_and_number_is_no_longer_rejected() throws Exception {
        List<RejectedRow> rejected = List.of(
                new RejectedRow(4, "Quantity", "Quantity is missing.", "{}"),
                new RejectedRow(6, "Quantity", "Quantity is missing.", "{}"));
        log.append(List.of(
                new Append("corrected", List.of(), rejected, new CompletableFuture<>()),
                new Append("other", List.of(), rejected, new CompletableFuture<>())));
        assertThat(log.append(List.of(rows("corrected", 1, 3, 2)))).containsExactly(stored(2, 0));
        assertThat(ask("SELECT string_agg(key || ' ' || number, ', ' ORDER BY key, number) FROM brigade.stream_rejected"
                        + " WHERE stream = '" + stream + "'"))
                .isEqualTo("corrected 6, other 4, other 6");
    }

    @Test
    void a_reader_does_not_pass_rows_of_a_writer_that_stalls_before_its_commit() throws Exception {
        log.append(List.of(rows(null, 1, 0, 1)));
        CompletableFuture<List<Receipt>> behind;
        try (Connection stalled = database.pool().getConnection()) {
            stalled.setAutoCommit(false);
            log.append(stalled, List.of(rows(null, 1, 1, 1)));
            behind = CompletableFuture.supplyAsync(() -> append(rows(null, 1, 2, 1)));
            await().until(() -> ask("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND wait_event_type = 'Lock'")
                    .equals("1"));
            assertThat(read(100)).extracting(LogRow::json).containsExactly("{\"n\":0}");
            assertThat(log.append(List.of(rows(null, 2, 9, 1))))
                    .as("another partition is not held up")
                    .hasSize(1);
            stalled.commit();
        }
        behind.get(10, TimeUnit.SECONDS);
        assertThat(read(100))
                .extracting(row -> row.partition() + "/" + row.position() + " " + row.json())
                .containsExactlyInAnyOrder("1/2 {\"n\":1}", "1/3 {\"n\":2}", "2/1 {\"n\":9}");
    }

    private List<Receipt> append(Append append) {
        try {
            return log.append(List.of(append));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_writer_that_rolls_back_leaves_no_gap() throws Exception {
        try (Connection given = database.pool().getConnection()) {
            given.setAutoCommit(false);
            log.append(given, List.of(rows(null, 1, 0, 5)));
            given.rollback();
        }
        log.append(List.of(rows(null, 1, 5, 1)));
        assertThat(read(10)).extracting(LogRow::position).containsExactly(1L);
    }

    @Test
    void two_readers_and_four_writers_that_stall_at_random_lose_nothing_and_double_nothing() throws Exception {
        int writers = 4;
        int appends = 60;
        Map<Integer, List<Long>> seen = new HashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(writers + 2);
        CountDownLatch writing = new CountDownLatch(writers);
        List<Future<Void>> written = new ArrayList<>();
        try {
            for (int writer = 0; writer < writers; writer++) {
                Random random = new Random(writer);
                written.add(threads.submit(() -> {
                    for (int at = 0; at < appends; at++) {
                        try (Connection connection = database.pool().getConnection()) {
                            connection.setAutoCommit(false);
                            log.append(
                                    connection,
                                    List.of(
                                            rows(null, random.nextInt(4), at, 3),
                                            rows(null, random.nextInt(4), at, 2)));
                            Thread.sleep(random.nextInt(4));
                            if (random.nextInt(10) == 0) {
                                connection.rollback();
                            } else {
                                connection.commit();
                            }
                        }
                    }
                    writing.countDown();
                    return null;
                }));
            }
            List<CompletableFuture<Void>> readers = Stream.of(1, 2)
                    .map(reader -> CompletableFuture.runAsync(
                            () -> {
                                boolean isLast = false;
                                while (!isLast) {
                                    isLast = writing.getCount() == 0;
                                    List<LogRow> batch;
                                    do {
                                        try {
                                            batch = reading.inTransaction(connection -> {
                                                StreamBatch next = reading.next(connection, 50, Long.MAX_VALUE);
                                                if (next.size() > 0) {
                                                    reading.move(connection, next);
                                                    synchronized (seen) {
                                                        next.list().forEach(row -> seen.computeIfAbsent(
                                                                        row.partition(), partition -> new ArrayList<>())
                                                                .add(row.position()));
                                                    }
                                                }
                                                return next.list();
                                            });
                                        } catch (SQLException e) {
                                            throw new IllegalStateException(e);
                                        }
                                    } while (!batch.isEmpty());
                                }
                            },
                            threads))
                    .toList();
            for (Future<Void> writer : written) {
                writer.get(60, TimeUnit.SECONDS);
            }
            for (CompletableFuture<Void> reader : readers) {
                reader.get(60, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(seen.keySet()).containsExactlyInAnyOrder(0, 1, 2, 3);
        seen.forEach((partition, positions) -> assertThat(positions)
                .as("partition " + partition + " in order, without a gap")
                .isEqualTo(Stream.iterate(1L, position -> position + 1)
                        .limit(positions.size())
                        .toList()));
        assertThat(ask("SELECT sum(position) FROM brigade.stream_partitions WHERE stream = '" + stream + "'"))
                .isEqualTo(Integer.toString(
                        seen.values().stream().mapToInt(List::size).sum()));
    }

    @Test
    void partitions_that_another_process_works_on_are_left_to_it() throws Exception {
        log.append(List.of(rows(null, 1, 0, 3), rows(null, 2, 0, 3)));
        try (Connection other = database.pool().getConnection()) {
            other.setAutoCommit(false);
            assertThat(reading.next(other, 1, Long.MAX_VALUE).list()).hasSize(1);
            assertThat(read(100)).extracting(LogRow::partition).containsOnly(2).hasSize(3);
            other.rollback();
        }
        assertThat(read(100)).extracting(LogRow::partition).containsOnly(1).hasSize(3);
    }

    @Test
    void segments_are_dropped_when_they_are_old_and_every_reader_has_dealt_with_them() throws Exception {
        String old =
                "UPDATE brigade.stream_segments SET began_at = began_at - interval '10 days', ends_at = ends_at - interval '10 days'"
                        + " WHERE stream = '" + stream + "' RETURNING 1";
        String segments =
                "SELECT count(*) FROM pg_inherits WHERE inhparent = 'brigade.\"stream_" + stream + "\"'::regclass";
        assertThat(ask(segments)).isEqualTo("2");
        log.append(List.of(rows(null, 1, 0, 3)));
        ask(old);
        ask("UPDATE brigade.stream_partitions SET arrived = arrived - interval '10 days' WHERE stream = '" + stream
                + "' RETURNING 1");
        String shorten = "SELECT brigade.shorten_stream('" + stream + "', '7 days')";
        assertThat(ask(shorten)).as("while a reader needs them").isEqualTo("0");
        read(100);
        assertThat(ask(shorten)).isEqualTo("2");
        assertThat(ask(segments)).isEqualTo("0");
        ask("SELECT brigade.extend_stream('" + stream + "', '1 hour')");
        assertThat(ask(segments)).isEqualTo("2");
        log.append(List.of(rows(null, 1, 3, 1)));
        assertThat(read(100)).extracting(LogRow::position).containsExactly(4L);
    }
}
