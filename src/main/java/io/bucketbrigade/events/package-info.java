/** Messages about what happens in buckets. */
@NullMarked
package io.bucketbrigade.events;

import org.jspecify.annotations.NullMarked;
