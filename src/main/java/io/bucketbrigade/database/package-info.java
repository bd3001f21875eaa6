/** The database: its address, the embedded one, the pool, the migrations. */
@NullMarked
package io.bucketbrigade.database;

import org.jspecify.annotations.NullMarked;
