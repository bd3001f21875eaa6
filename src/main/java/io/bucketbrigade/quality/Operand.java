package io.bucketbrigade.quality;

/**
 * What a condition compares with.
 *
 * @param type what it is
 * @param text a number or a text as it is written; of a time span, its seconds
 */
record Operand(OperandType type, String text) {
    enum OperandType {
        NUMBER,
        TEXT,
        NULL,
        EMPTY,
        WHITESPACES_ONLY,
        /** So many seconds, from now on if positive. */
        FROM_NOW,
        /** So many seconds. */
        DURATION
    }

    boolean is(OperandType wanted) {
        return type == wanted;
    }
}
