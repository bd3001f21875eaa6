package io.bucketbrigade.csv;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What separates the fields of a file. */
public enum Separator {
    COMMA(','),
    SEMICOLON(';'),
    TAB('\t'),
    PIPE('|');

    private final char symbol;

    Separator(char symbol) {
        this.symbol = symbol;
    }

    /** Its only byte. */
    public byte symbol() {
        return (byte) symbol;
    }

    /** How a file with it is read, in words: {@code semicolon-separated}. */
    public String words() {
        return singular() + "-separated";
    }

    String singular() {
        return name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Separator of(int symbol) {
        return Arrays.stream(values())
                .filter(one -> one.symbol == symbol)
                .findFirst()
                .orElse(null);
    }

    /** All but this one, in words. */
    String others() {
        return Arrays.stream(values())
                .filter(one -> one != this)
                .map(Separator::singular)
                .collect(Collectors.joining(", "));
    }
}
