/** The certificate that HTTPS is served with, its renewal, and how our own commands recognise it. */
@NullMarked
package io.bucketbrigade.tls;

import org.jspecify.annotations.NullMarked;
