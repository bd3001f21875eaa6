package io.bucketbrigade.pipelines.leaderboard;

import io.bucketbrigade.csv.Header;
import io.bucketbrigade.csv.Records;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What a ranking would change in the result file as it is. */
public final class ResultChanges {
    private static final int MOST_MOVES = 10;

    private final Locations locations;

    public ResultChanges(Locations locations) {
        this.locations = locations;
    }

    /**
     * Compares them.
     *
     * @param folder where the result is
     * @return what is different, line by line
     * @throws IOException if the result can't be read
     */
    public List<String> lines(String folder, String name, Ranking ranking) throws IOException {
        Location location = locations.of(folder);
        if (!location.holds(name)) {
            return List.of("There is no result in " + location.name() + " yet, so everything would be new.");
        }
        return changes(ranking.standings(), latest(location, name));
    }

    private static Map<String, Standing> latest(Location location, String name) throws IOException {
        Map<String, Standing> standings = new HashMap<>();
        try (Source source = location.open(name)) {
            Header header = Header.read(source, List.of("user_id", "messages", "name"));
            Records rows = new Records(source, header, 0);
            while (rows.next()) {
                String userId = rows.text(header.index("user_id"));
                long messages = Long.parseLong(rows.text(header.index("messages")));
                standings.put(userId, new Standing(userId, messages, rows.text(header.index("name"))));
            }
        } catch (NumberFormatException e) {
            throw new Problem(
                    Problem.Kind.INPUT, location.name() + "/" + name + " is not a result of Bucket Brigade.", e);
        }
        return standings;
    }

    private static List<String> changes(List<Standing> now, Map<String, Standing> latest) {
        Map<String, Long> before = new HashMap<>();
        latest.forEach((userId, standing) -> before.put(userId, standing.messages()));
        long entries =
                now.stream().filter(one -> !latest.containsKey(one.userId())).count();
        long other = now.stream()
                .filter(one -> latest.containsKey(one.userId()) && !one.equals(latest.get(one.userId())))
                .count();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "Compared with the current result: %,d new on the board, %,d gone from it, %,d with another number or name.",
                entries,
                latest.size() + entries - now.size(),
                other));
        for (Standing standing : now) {
            before.putIfAbsent(standing.userId(), BoardChanges.ABSENT);
        }
        int[] order = BoardOrder.mostFirst(
                now.size(), at -> now.get(at).messages(), at -> now.get(at).userId());
        Movement movement = Movement.between(0, 0, now, order, before);
        List<Integer> moved = IntStream.range(0, now.size())
                .filter(movement::hasMoved)
                .boxed()
                .sorted(Comparator.comparingInt((Integer place) -> -Math.abs(movement.up(place))))
                .limit(MOST_MOVES)
                .toList();
        if (!moved.isEmpty()) {
            lines.add("The biggest moves:");
        }
        for (int place : moved) {
            int up = movement.up(place);
            Standing standing = now.get(order[place]);
            lines.add(String.format(
                    Locale.ROOT,
                    "  %s %,d to place %,d: %s",
                    up > 0 ? "▲" : "▼",
                    Math.abs(up),
                    place + 1,
                    standing.name().isEmpty() ? "(unknown user " + standing.userId() + ")" : standing.name()));
        }
        return lines;
    }
}
