/** Where bytes come from and go to: folders. Routes name a location and don't know which kind it is. */
@NullMarked
package io.bucketbrigade.storage;

import org.jspecify.annotations.NullMarked;
