package io.bucketbrigade.streams;

import org.jspecify.annotations.Nullable;

/**
 * A row that was sent and can't be used.
 *
 * @param number its number in what was sent, from 0
 * @param field the column that it is about; null if the whole row is
 * @param reason what is wrong with it, in words
 * @param row what was sent
 */
record RejectedRow(long number, @Nullable String field, String reason, String row) {
    private static final int LONGEST_FIELD = 200;
    private static final int LONGEST_REASON = 1000;

    /** Names of fields come from the sender, too, and may hold what PostgreSQL can't. */
    RejectedRow {
        field = field == null ? null : shown(field, LONGEST_FIELD);
        reason = shown(reason, LONGEST_REASON);
        row = RowFormat.shortened(row);
    }

    private static String shown(String text, int most) {
        String clean = text.replaceAll("\\p{Cntrl}|\\p{Cs}", "?");
        return clean.length() > most ? clean.substring(0, most) + "…" : clean;
    }
}
