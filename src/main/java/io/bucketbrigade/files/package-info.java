/** Paths made from text that comes from outside. */
@NullMarked
package io.bucketbrigade.files;

import org.jspecify.annotations.NullMarked;
