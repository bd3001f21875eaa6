/**
 * Reading and counting CSV by blocks: rows as RFC 4180 cuts them, counted per key in parallel. Sees only the JDK.
 */
@NullMarked
package io.bucketbrigade.csv;

import org.jspecify.annotations.NullMarked;
