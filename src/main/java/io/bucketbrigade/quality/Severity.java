package io.bucketbrigade.quality;

import java.util.Locale;

/** What a broken rule does. */
enum Severity {
    /** The table and what is computed from it are not published. */
    ERROR,
    /** They are, and people are notified. */
    WARN;

    /** As it is written. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
