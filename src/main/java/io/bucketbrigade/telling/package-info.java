/** Telling people how runs end: letters are written with the run's end, and go out by mail and SNS. */
@NullMarked
package io.bucketbrigade.telling;

import org.jspecify.annotations.NullMarked;
