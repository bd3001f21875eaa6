/** Tables as files that other programs read too: computed by DuckDB, written as Parquet, catalogued by Iceberg in the run's transaction. */
@NullMarked
package io.bucketbrigade.lake;

import org.jspecify.annotations.NullMarked;
