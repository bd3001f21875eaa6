/** Which version of the program runs. */
@NullMarked
package io.bucketbrigade.version;

import org.jspecify.annotations.NullMarked;
