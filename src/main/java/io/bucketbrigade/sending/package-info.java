/** Sending a CSV file to a stream, row by row, as a client of its API. */
@NullMarked
package io.bucketbrigade.sending;

import org.jspecify.annotations.NullMarked;
