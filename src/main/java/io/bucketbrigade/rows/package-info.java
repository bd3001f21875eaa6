/** Rows as camel-csv reads them, with their line and with text that is checked; and CSV as all parts of the program write it. */
@NullMarked
package io.bucketbrigade.rows;

import org.jspecify.annotations.NullMarked;
