/** What a run would do with the inputs as they are, for the command plan: found out as a run would, and without writing anything. */
@NullMarked
package io.bucketbrigade.planning;

import org.jspecify.annotations.NullMarked;
