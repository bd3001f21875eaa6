/** A stream of Kinesis as the buffer of a stream. Nothing of it is loaded unless a setting names one. */
@NullMarked
package io.bucketbrigade.kinesis;

import org.jspecify.annotations.NullMarked;
