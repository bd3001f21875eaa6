/**
 * Streams of rows: they are sent one by one or in batches, kept in a log once the sender has an answer, and given to the readers of the
 * stream, each row once.
 */
@NullMarked
package io.bucketbrigade.streams;

import org.jspecify.annotations.NullMarked;
