/** Fetching files by HTTP into a folder or a bucket: each source that a setting names becomes a file there. */
@NullMarked
package io.bucketbrigade.fetching;

import org.jspecify.annotations.NullMarked;
