/** Watches the inputs of pipelines, and claims runs: the Camel component {@code claim}. */
@NullMarked
package io.bucketbrigade.watching;

import org.jspecify.annotations.NullMarked;
