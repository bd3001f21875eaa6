/** The command line, over the same parts. */
@NullMarked
package io.bucketbrigade.cli;

import org.jspecify.annotations.NullMarked;
