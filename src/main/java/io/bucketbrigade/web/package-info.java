/** What the page and the API need beyond YAML. */
@NullMarked
package io.bucketbrigade.web;

import org.jspecify.annotations.NullMarked;
