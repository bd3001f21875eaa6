/** Removes what is old and no longer needed from the tables that all pipelines share. */
@NullMarked
package io.bucketbrigade.retention;

import org.jspecify.annotations.NullMarked;
