package io.bucketbrigade.streams;

/**
 * A row that was sent and can be used.
 *
 * @param number its number in what was sent, from 0
 * @param order the text of the column by which rows keep their order
 * @param partition the part of the stream in which it keeps its order
 * @param json what it holds, as an object with all columns of the stream
 */
record ArrivedRow(long number, String order, int partition, String json) {}
