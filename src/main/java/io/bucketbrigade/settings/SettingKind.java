package io.bucketbrigade.settings;

import io.bucketbrigade.problems.Problem;

/**
 * What a setting must be. A setting's kind is declared beside it, as {@code kind.<setting>=<kind>}: one of the names that
 * {@link SettingKinds} knows, or the name of a class that implements this interface and has a constructor without parameters.
 */
public interface SettingKind {

    /** What a value must be, in words that follow "it must be", such as "a share from 0 to 1". */
    String wanted();

    /**
     * Reads a value in the way in which the code that uses the setting reads it.
     *
     * @param name the setting as people know it, and the file it is set in
     * @param value what it is set to; never blank
     * @param settings the other settings, for a value that depends on them
     * @throws Problem if it can't be used; the message is a sentence, to which the name is added where it doesn't begin with it
     */
    void check(String name, String value, Settings settings);

    /** Whether a value may go over several lines, as long lists do. */
    default boolean mayHaveLines() {
        return false;
    }

    /** Whether a value must not be shown. Such a setting may also be given as the content of a file. */
    default boolean isSecret() {
        return false;
    }
}
