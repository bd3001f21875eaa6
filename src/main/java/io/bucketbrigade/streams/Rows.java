package io.bucketbrigade.streams;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that were sent together, those that can be used and those that can't. */
final class Rows {
    private final List<ArrivedRow> arrived = new ArrayList<>();
    private final List<RejectedRow> rejected = new ArrayList<>();
    private final @Nullable String log;
    private long characters;

    /** Rows for any log. */
    Rows() {
        this(null);
    }

    /** @param log what the log is known by for which they are; null if any will do */
    Rows(@Nullable String log) {
        this.log = log;
    }

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

    @Nullable
    String log() {
        return log;
    }

    int size() {
        return arrived.size() + rejected.size();
    }

    /** About how much memory they take, in characters. */
    long characters() {
        return characters;
    }
}
