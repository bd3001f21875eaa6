package io.bucketbrigade.csv;

/** What can make a single row unusable whatever its fields say; the graver the later. */
enum RowProblem {
    NONE(""),
    TEXT_AFTER_QUOTE("there is text between a closing quote and the next separator"),
    KEY_TOO_LONG("the key is longer than " + RowScanner.LONGEST_KEY + " bytes"),
    OPEN_QUOTE("a quote is opened and never closed");

    private final String words;

    RowProblem(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
