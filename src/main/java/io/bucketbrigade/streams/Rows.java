package io.bucketbrigade.streams;

import java.util.ArrayList;
import java.util.List;

/** Rows that were sent together, those that can be used and those that can't. */
final class Rows {
    private final List<ArrivedRow> arrived = new ArrayList<>();
    private final List<RejectedRow> rejected = new ArrayList<>();
    private long characters;

    void add(ArrivedRow row) {
        arrived.add(row);
        characters += row.json().length();
    }

    void add(RejectedRow row) {
        rejected.add(row);
        characters += row.row().length();
    }

    List<ArrivedRow> arrived() {
        return arrived;
    }

    List<RejectedRow> rejected() {
        return rejected;
    }

    int size() {
        return arrived.size() + rejected.size();
    }

    /** About how much memory they take, in characters. */
    long characters() {
        return characters;
    }
}
