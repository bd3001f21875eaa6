/** What the pipeline orders needs beyond YAML and SQL: which day is today, and which days are holidays. */
@NullMarked
package io.bucketbrigade.pipelines.orders;

import org.jspecify.annotations.NullMarked;
