/** Uploads of several files that count as one change: received one by one, put in place together. */
@NullMarked
package io.bucketbrigade.batches;

import org.jspecify.annotations.NullMarked;
