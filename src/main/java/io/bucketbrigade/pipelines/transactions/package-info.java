/** What SQL can't express of the pipeline transactions: its store in DynamoDB. */
@NullMarked
package io.bucketbrigade.pipelines.transactions;

import org.jspecify.annotations.NullMarked;
