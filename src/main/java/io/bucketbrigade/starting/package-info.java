/** Puts the parts together: for the service, and for commands that run once. */
@NullMarked
package io.bucketbrigade.starting;

import org.jspecify.annotations.NullMarked;
