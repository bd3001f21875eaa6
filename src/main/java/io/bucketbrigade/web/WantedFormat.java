package io.bucketbrigade.web;

import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** In which format somebody wants an answer. */
public final class WantedFormat {

    /** Whether it is CSV: by the parameter format, or where there is none, by the header Accept. */
    public boolean isCsv(@Header("format") @Nullable String format, @Header("Accept") @Nullable String accept) {
        return format == null ? accept != null && accept.contains("text/csv") : format.equals("csv");
    }
}
