/** A topic of Kafka as the buffer of a stream. Nothing of it is loaded unless a setting names one. */
@NullMarked
package io.bucketbrigade.kafka;

import org.jspecify.annotations.NullMarked;
