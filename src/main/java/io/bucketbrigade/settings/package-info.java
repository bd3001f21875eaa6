/** Settings: defaults with their reason, brigade.properties, environment. */
@NullMarked
package io.bucketbrigade.settings;

import org.jspecify.annotations.NullMarked;
