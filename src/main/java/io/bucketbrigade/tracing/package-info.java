/** Traces of runs, batches and calls by OpenTelemetry; nothing of it is loaded while no OTLP endpoint is set. */
@NullMarked
package io.bucketbrigade.tracing;

import org.jspecify.annotations.NullMarked;
