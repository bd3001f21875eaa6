package io.bucketbrigade.pipelines.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.runs.RowCounts;
import io.bucketbrigade.support.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class LeaderboardTableTest {
    private final Database database = TestDatabase.newMigrated();

    @AfterEach
    void close() {
        database.close();
    }

    private static Ranking ranking(Standing... standings) {
        return new Ranking("messages.csv", List.of(standings), new RowCounts(0, 0, 0, Map.of(), List.of()));
    }

    private void load(Ranking ranking) throws Exception {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            new LeaderboardTable(database.schema()).load(ranking).in(connection);
            connection.commit();
        }
    }

    private List<String> rows() throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM leaderboard ORDER BY user_id")) {
            while (row.next()) {
                rows.add(row.getString(1) + "|" + row.getLong(2) + "|" + row.getString(3));
            }
        }
        return rows;
    }

    @Test
    void rows_are_added_changed_and_removed() throws Exception {
        load(ranking(new Standing("1", 1, "Ana"), new Standing("2", 2, "Bo"), new Standing("3", 3, "")));
        load(ranking(new Standing("1", 1, "Ana"), new Standing("2", 5, "Bo"), new Standing("4", 4, "Di")));
        assertThat(rows()).containsExactly("1|1|Ana", "2|5|Bo", "4|4|Di");
    }

    @Test
    void whatever_the_table_held_it_holds_the_ranking_afterwards() throws Exception {
        Random random = new Random(4);
        List<Standing> before = List.of();
        for (int load = 0; load < 40; load++) {
            int authors = random.nextInt(60);
            int mostMessages = 1 + random.nextInt(4);
            double share = random.nextDouble();
            List<Standing> standings = new ArrayList<>();
            for (int user = 0; user < authors; user++) {
                if (random.nextDouble() < share) {
                    standings.add(new Standing("u" + user, random.nextInt(mostMessages), "n\"" + random.nextInt(3)));
                }
            }
            load(ranking(standings.toArray(Standing[]::new)));
            assertThat(rows())
                    .containsExactlyInAnyOrderElementsOf(standings.stream()
                            .map(standing -> standing.userId() + "|" + standing.messages() + "|" + standing.name())
                            .toList());
            assertThat(moves(standings)).isEqualTo(plainMoves(before, standings));
            before = standings;
        }
    }

    /** As the API tells the page, from what is kept beside the table. */
    private String moves(List<Standing> board) throws Exception {
        int[] order = BoardOrder.mostFirst(board.size(), at -> board.get(at).messages(), at -> board.get(at)
                .userId());
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT differences FROM brigade.leaderboard_before")) {
            Movement movement = row.next()
                    ? Movement.between(2, 1, board, order, BoardChanges.read(row.getBytes(1)))
                    : Movement.unknown(2);
            return new String(movement.json(null, null), StandardCharsets.UTF_8);
        }
    }

    private static String plainMoves(List<Standing> before, List<Standing> now) {
        if (before.isEmpty()) {
            return "{\"run_id\": 2, \"since_run_id\": null, \"moves\": []}";
        }
        List<String> old = plainOrder(before);
        List<String> order = plainOrder(now);
        return "{\"run_id\": 2, \"since_run_id\": 1, \"moves\": ["
                + order.stream()
                        .map(user -> old.contains(user) ? "" + (old.indexOf(user) - order.indexOf(user)) : "null")
                        .collect(Collectors.joining(","))
                + "]}";
    }

    private static List<String> plainOrder(List<Standing> board) {
        return board.stream()
                .sorted(Comparator.comparingLong(Standing::messages).reversed().thenComparing(Standing::userId))
                .map(Standing::userId)
                .toList();
    }

    @Test
    void any_text_arrives_as_it_is() throws Exception {
        load(ranking(
                new Standing("a\"b,c", 1, "new\nline"), new Standing("\\N", 2, "\\."), new Standing("é 名", 3, "")));
        assertThat(rows()).containsExactlyInAnyOrder("a\"b,c|1|new\nline", "\\N|2|\\.", "é 名|3|");
    }

    @Test
    void readers_see_a_whole_board_at_every_moment() throws Exception {
        List<Standing> odd = new ArrayList<>();
        List<Standing> even = new ArrayList<>();
        for (int user = 0; user < 2000; user++) {
            (user % 2 == 0 ? even : odd).add(new Standing("u" + user, user, "x"));
        }
        load(ranking(even.toArray(Standing[]::new)));
        AtomicBoolean done = new AtomicBoolean();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        Thread reader = new Thread(() -> {
            try {
                while (!done.get()) {
                    seen.add(new HashSet<>(rows()).size() + " rows, "
                            + rows().stream()
                                    .map(row -> Integer.parseInt(row.substring(1, row.indexOf('|'))) % 2)
                                    .distinct()
                                    .count()
                            + " kind");
                }
            } catch (Exception e) {
                seen.add(e.toString());
            }
        });
        reader.start();
        for (int load = 0; load < 10; load++) {
            load(ranking((load % 2 == 0 ? odd : even).toArray(Standing[]::new)));
        }
        done.set(true);
        reader.join();
        assertThat(seen).containsExactly("1000 rows, 1 kind");
    }
}
