package io.bucketbrigade.cli;

/**
 * What became of a golden sample.
 *
 * @param state {@code succeeded}, or how else it ended
 * @param error why it failed; blank if it didn't
 * @param rejected the rows that can't be used, as CSV with a header; blank if there are none, or if they are in a file among the results
 */
record SampleOutcome(String state, String error, String rejected) {}
