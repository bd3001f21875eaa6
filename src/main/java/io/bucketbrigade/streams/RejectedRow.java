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
record RejectedRow(long number, @Nullable String field, String reason, String row) {}
