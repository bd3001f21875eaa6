/** What is told of things that happen in buckets. */
@NullMarked
package io.bucketbrigade.events;

import org.jspecify.annotations.NullMarked;
