package io.bucketbrigade.pipelines.leaderboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The fast order against a comparator that says what is meant. */
class BoardOrderTest {
    private static List<Standing> sorted(List<Standing> board, boolean mostFirst) {
        int[] order = mostFirst
                ? BoardOrder.mostFirst(board.size(), at -> board.get(at).messages(), at -> board.get(at)
                        .userId())
                : BoardOrder.fewestFirst(board.size(), at -> board.get(at).messages(), at -> board.get(at)
                        .userId());
        return Arrays.stream(order).mapToObj(board::get).toList();
    }

    private static List<Standing> plainlySorted(List<Standing> board, boolean mostFirst) {
        boolean numbers = board.stream().allMatch(standing -> standing.userId().matches("-?[0-9]+"));
        Comparator<Standing> byMessages = Comparator.comparingLong(Standing::messages);
        Comparator<Standing> asText = Comparator.comparing(Standing::userId);
        Comparator<Standing> asNumber = Comparator.comparing(standing -> new BigInteger(standing.userId()));
        return board.stream()
                .sorted((mostFirst ? byMessages.reversed() : byMessages)
                        .thenComparing(numbers ? asNumber.thenComparing(asText) : asText))
                .toList();
    }

    @Property(tries = 1000)
    void order_is_by_messages_then_id(@ForAll("boards") List<Standing> board, @ForAll boolean mostFirst) {
        assertThat(sorted(board, mostFirst)).isEqualTo(plainlySorted(board, mostFirst));
    }

    @Test
    void ten_thousand_ties_far_apart_are_in_order() {
        List<Standing> board = IntStream.range(0, 10_000)
                .mapToObj(at -> new Standing(Long.toString((at * 7919L % 10_000 - 5000) * 900_000_000_000L), 1, ""))
                .toList();
        assertThat(sorted(board, false)).isEqualTo(plainlySorted(board, false));
    }

    @Provide
    Arbitrary<List<Standing>> boards() {
        Arbitrary<String> plain = Arbitraries.longs().between(-20, 20).map(number -> Long.toString(number));
        Arbitrary<String> number = Arbitraries.of(
                "0", "-0", "007", "7", "9007199254740992", "-9007199254740993", "12345678901234567890", "1", "-1");
        Arbitrary<String> text = Arbitraries.of("a", "B", "10", "9", "é", "名", "\uD83D\uDE00", "\uFB01", " 9", "+1");
        return Arbitraries.oneOf(boards(plain), boards(number), boards(text));
    }

    private static Arbitrary<List<Standing>> boards(Arbitrary<String> id) {
        return Combinators.combine(id, Arbitraries.longs().between(0, 3))
                .as((userId, messages) -> new Standing(userId, messages, ""))
                .list()
                .uniqueElements(Standing::userId)
                .ofMaxSize(12);
    }
}
