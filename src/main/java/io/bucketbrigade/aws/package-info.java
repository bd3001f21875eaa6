/** The clients of AWS that the routes share. */
@NullMarked
package io.bucketbrigade.aws;

import org.jspecify.annotations.NullMarked;
