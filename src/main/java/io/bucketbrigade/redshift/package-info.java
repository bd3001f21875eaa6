/** A database of Redshift: files are staged in a bucket, and SQL brings them into tables, through the Data API. */
@NullMarked
package io.bucketbrigade.redshift;

import org.jspecify.annotations.NullMarked;
