/** What the pipeline stocks needs beyond YAML: one table out of up to a thousand small files. */
@NullMarked
package io.bucketbrigade.pipelines.stocks;

import org.jspecify.annotations.NullMarked;
