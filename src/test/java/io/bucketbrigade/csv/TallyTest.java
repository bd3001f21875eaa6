package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static long add(Tally tally, String key, long count) {
        byte[] bytes = ("<" + key + ">").getBytes(StandardCharsets.UTF_8);
        return tally.add(bytes, 1, bytes.length - 1, count);
    }

    private static Map<String, Long> counts(Tally tally) {
        Map<String, Long> counts = new TreeMap<>();
        for (int place = tally.next(-1); place >= 0; place = tally.next(place)) {
            assertThat(place).isLessThan(tally.places());
            counts.put(tally.key(place), tally.count(place));
        }
        assertThat(counts).hasSize(tally.size());
        return counts;
    }

    @Property(tries = 500)
    void counts_and_merges_as_a_map_does(@ForAll("keys") List<String> first, @ForAll("keys") List<String> second) {
        Map<String, Long> expected = new TreeMap<>();
        Tally one = new Tally();
        Tally other = new Tally();
        first.forEach(key -> assertThat(add(one, key, 1)).isEqualTo(expected.merge(key, 1L, Long::sum)));
        second.forEach(key -> {
            add(other, key, 2);
            expected.merge(key, 2L, Long::sum);
        });
        one.merge(other);
        assertThat(counts(one)).isEqualTo(expected);
        assertThat(one.sum()).isEqualTo(first.size() + 2L * second.size());
        for (String key : expected.keySet()) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            assertThat(one.key(one.find(bytes, 0, bytes.length))).isEqualTo(key);
        }
        byte[] stranger = "nobody".getBytes(StandardCharsets.UTF_8);
        assertThat(one.find(stranger, 0, stranger.length)).isEqualTo(-1);
    }

    @Test
    void what_was_taken_back_is_gone_after_a_merge() {
        Tally lane = new Tally();
        for (String key : List.of("short", "quite a long key", "stays")) {
            add(lane, key, 1);
        }
        add(lane, "short", -1);
        add(lane, "quite a long key", -1);
        Tally total = new Tally();
        total.merge(lane);
        assertThat(counts(total)).containsOnly(Map.entry("stays", 1L));
    }

    @Test
    void keys_that_differ_only_in_zeros_and_length_are_kept_apart() {
        Tally tally = new Tally();
        List<String> keys = List.of("", "\0", "\0\0", "a", "a\0", "a\0\0\0\0\0\0\0", "a\0\0\0\0\0\0\0\0", "\0a");
        keys.forEach(key -> add(tally, key, 1));
        assertThat(counts(tally).keySet()).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void hundreds_of_thousands_of_keys_of_any_length_are_counted_and_merged() {
        Tally one = new Tally();
        Tally other = new Tally();
        for (int key = 0; key < 300_000; key++) {
            add(one, Integer.toString(key), 1);
            add(other, (key % 2 == 0 ? "" : "a long prefix ") + key, 1);
        }
        one.merge(other);
        assertThat(one.size()).isEqualTo(450_000);
        assertThat(one.sum()).isEqualTo(600_000);
        assertThat(counts(one)).containsEntry("299998", 2L).containsEntry("a long prefix 299999", 1L);
    }

    @Provide
    Arbitrary<List<String>> keys() {
        Arbitrary<String> key =
                Arbitraries.strings().withChars("01aé\0 ").ofMaxLength(3).map(text -> text.repeat(4));
        return Arbitraries.oneOf(key, Arbitraries.strings().numeric().ofMaxLength(9))
                .list()
                .ofMaxSize(60);
    }
}
