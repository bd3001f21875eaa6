/** What may be in front of a stream's log and keep rows until it has them: topics of Kafka and streams of Kinesis, seen alike. */
@NullMarked
package io.bucketbrigade.buffers;

import org.jspecify.annotations.NullMarked;
