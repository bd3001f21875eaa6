/** What Prometheus is shown beside the figures that the parts of the program keep of themselves. */
@NullMarked
package io.bucketbrigade.metrics;

import org.jspecify.annotations.NullMarked;
