/** Says what is wrong in routes and pipelines, with file and line, before anything is started. */
@NullMarked
package io.bucketbrigade.checking;

import org.jspecify.annotations.NullMarked;
