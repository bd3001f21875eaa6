/** Rules for the data of tables, in a subset of AWS Glue's DQDL: how they are read, evaluated, and what becomes of a run that breaks one. */
@NullMarked
package io.bucketbrigade.quality;

import org.jspecify.annotations.NullMarked;
