/** What went wrong, in words for people: the same on the terminal, on the wire and in the ledger. */
@NullMarked
package io.bucketbrigade.problems;

import org.jspecify.annotations.NullMarked;
