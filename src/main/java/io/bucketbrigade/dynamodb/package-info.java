/** Tables of DynamoDB that keep items of several kinds, each known by two keys. */
@NullMarked
package io.bucketbrigade.dynamodb;

import org.jspecify.annotations.NullMarked;
