/** The ledger of runs: what is there, what was dealt with, who is at it, and whether the rows add up. */
@NullMarked
package io.bucketbrigade.runs;

import org.jspecify.annotations.NullMarked;
