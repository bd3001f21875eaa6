/** What tests share: a database, a service. */
@org.jspecify.annotations.NullMarked
package io.bucketbrigade.support;
