package io.bucketbrigade.settings;

import java.util.Locale;

/**
 * A setting as it was found.
 *
 * @param value its value, in which other settings may be written as {@code {{key}}}
 * @param standard its value where nobody sets it
 * @param place the file and line that set it; blank if it is not set in a file that people know by name
 * @param literal whether braces in the value mean themselves
 */
record Setting(String key, String value, String standard, String place, boolean literal) {

    /** The environment variable of a key. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The setting as people know it, and where it is set. */
    String name() {
        return place.isEmpty() ? variable(key) : variable(key) + " (" + place + ")";
    }

    /** Whether it has its default, and that doesn't come from another setting. */
    boolean hasDefault() {
        return value.equals(standard) && (literal || !value.contains("{{"));
    }

    /** Set to another value. */
    Setting with(String other, String otherPlace) {
        return new Setting(key, other, standard, otherPlace, false);
    }

    /** Set to the content of a file. */
    Setting withContent(String content, String file) {
        return new Setting(key, content, standard, file, true);
    }
}
