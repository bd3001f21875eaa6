/** A function on AWS Lambda that keeps a result up to date with its inputs. Nothing else in the program loads it. */
@NullMarked
package io.bucketbrigade.lambda;

import org.jspecify.annotations.NullMarked;
