package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.buffers.Shard;
import io.bucketbrigade.buffers.ShardBatch;
import io.bucketbrigade.buffers.ShardPosition;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.support.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamSourcesTest {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private Database database;
    private String stream = "";
    private StreamSources one;
    private StreamSources other;

    @BeforeAll
    void connect() {
        database = TestDatabase.newMigrated();
    }

    @BeforeEach
    void begin(TestInfo test) {
        stream = test.getDisplayName();
        one = new StreamSources(database.pool(), stream, "kafka:sales", "one");
        other = new StreamSources(database.pool(), stream, "kafka:sales", "other");
    }

    @AfterAll
    void disconnect() {
        database.close();
    }

    private static List<Shard> shards(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new Shard("t/" + number, List.of()))
                .toList();
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement doing = connection.createStatement()) {
            doing.execute(statement);
        }
    }

    private boolean move(StreamSources sources, ShardPosition from, String to, boolean ended) throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            return sources.move(connection, new ShardBatch(from, List.of(), to, 0, Instant.now(), ended, null));
        }
    }

    @Test
    void processes_share_the_shards_and_the_rest_take_those_of_one_that_died() throws Exception {
        one.know(shards(5));
        assertThat(one.lease(LEASE)).hasSize(5);
        // One per call, until both have about as many.
        assertThat(other.lease(LEASE)).hasSize(1);
        assertThat(other.lease(LEASE)).hasSize(2);
        assertThat(other.lease(LEASE)).hasSize(2);
        assertThat(one.lease(LEASE)).hasSize(3).doesNotContainAnyElementsOf(other.lease(LEASE));
        execute("UPDATE brigade.stream_sources SET leased_until = now() - interval '1 second'"
                + " WHERE owner = 'one' AND stream = '" + stream + "'");
        assertThat(other.lease(LEASE)).hasSize(5);
    }

    @Test
    void a_process_that_stops_leaves_its_shards_to_others_at_once() throws Exception {
        one.know(shards(4));
        assertThat(one.lease(LEASE)).hasSize(4);
        one.release();
        assertThat(other.lease(LEASE)).hasSize(4);
    }

    @Test
    void a_position_is_moved_only_by_who_read_on_from_the_one_before() throws Exception {
        one.know(shards(1));
        ShardPosition read = one.lease(LEASE).get(0);
        assertThat(move(one, read, "10", false)).isTrue();
        assertThat(move(other, read, "12", false)).isFalse();
        assertThat(one.lease(LEASE).get(0).position()).isEqualTo("10");
    }

    @Test
    void shards_are_read_after_those_from_which_they_were_made() throws Exception {
        one.know(List.of(
                new Shard("a", List.of()),
                new Shard("b", List.of()),
                new Shard("merged", List.of("a", "b")),
                new Shard("late", List.of("gone"))));
        List<ShardPosition> first = one.lease(LEASE);
        assertThat(first).extracting(ShardPosition::shard).containsExactly("a", "b", "late");
        assertThat(move(one, first.get(0), "1", true)).isTrue();
        assertThat(one.lease(LEASE)).extracting(ShardPosition::shard).containsExactly("b", "late");
        assertThat(move(one, first.get(1), "2", true)).isTrue();
        assertThat(one.lease(LEASE)).extracting(ShardPosition::shard).containsExactly("late", "merged");
    }

    @Test
    void after_a_rebuild_it_is_unknown_where_to_begin_until_somebody_says_so() throws Exception {
        assertThat(one.isUnknown()).isFalse();
        execute("INSERT INTO brigade.stream_sources (stream, source, shard, ended) VALUES ('" + stream
                + "', 'archive', '', true)");
        assertThat(one.isUnknown()).isTrue();
        one.know(shards(1));
        assertThat(one.isUnknown()).isFalse();
    }

    @Test
    void what_waits_and_what_is_lost_is_seen_by_all_processes() throws Exception {
        one.know(shards(2));
        ShardPosition read = one.lease(LEASE).get(0);
        try (Connection connection = database.pool().getConnection()) {
            one.move(
                    connection,
                    new ShardBatch(read, List.of(), "7", 40, Instant.now().minusSeconds(90), false, "Gone."));
        }
        StreamSources.Lag lag = other.lag();
        assertThat(lag.rows()).isEqualTo(40);
        assertThat(lag.seconds()).isBetween(89.0, 180.0);
        assertThat(lag.lost()).isEqualTo("Gone.");
    }
}
