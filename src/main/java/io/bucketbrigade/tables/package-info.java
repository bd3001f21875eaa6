/** CSV files into typed tables: each row is checked before PostgreSQL sees it, and all tables change together. */
@NullMarked
package io.bucketbrigade.tables;

import org.jspecify.annotations.NullMarked;
