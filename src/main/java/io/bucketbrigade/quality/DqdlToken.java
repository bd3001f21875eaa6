package io.bucketbrigade.quality;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word, number, text or symbol of DQDL.
 *
 * @param type what it is
 * @param text as it is written
 * @param line where it begins, from 1
 */
record DqdlToken(TokenType type, String text, int line) {
    enum TokenType {
        WORD,
        NUMBER,
        TEXT,
        SYMBOL,
        END
    }

    private static final Pattern NEXT = Pattern.compile(
            "(?<skipped>\\s+|#[^\\n]*)|(?<text>\"(?:\\\\.|[^\"\\\\])*\")|(?<number>-?\\d+(?:\\.\\d+)?(?![\\w.]))"
                    + "|(?<word>[a-zA-Z0-9_.]+)|(?<symbol>>=|<=|!=|[-+*/$(){}\\[\\],:=<>])",
            Pattern.DOTALL);

    /** @throws Problem if something is none */
    static List<DqdlToken> of(String file, String text) {
        List<DqdlToken> tokens = new ArrayList<>();
        Matcher next = NEXT.matcher(text);
        int line = 1;
        int at = 0;
        while (at < text.length()) {
            if (!next.region(at, text.length()).lookingAt()) {
                String what = text.charAt(at) == '"'
                        ? "the text that begins here is not closed; expected another \""
                        : "expected a rule, but there is " + Character.toString(text.codePointAt(at));
                throw new Problem(Kind.PIPELINE, file + ", line " + line + ": " + what + ".", file, line, null, null);
            }
            if (next.group("skipped") == null) {
                tokens.add(new DqdlToken(type(next), next.group(), line));
            }
            line += (int) next.group().chars().filter(symbol -> symbol == '\n').count();
            at = next.end();
        }
        tokens.add(new DqdlToken(TokenType.END, "the end of the file", line));
        return tokens;
    }

    private static TokenType type(Matcher found) {
        if (found.group("text") != null) {
            return TokenType.TEXT;
        }
        if (found.group("number") != null) {
            return TokenType.NUMBER;
        }
        return found.group("word") != null ? TokenType.WORD : TokenType.SYMBOL;
    }

    boolean is(String word) {
        return text.equals(word) && (type == TokenType.WORD || type == TokenType.SYMBOL);
    }

    /** A text without its quotes. A backslash only keeps a quote from ending it: others are those of regular expressions. */
    String unquoted() {
        return text.substring(1, text.length() - 1).replace("\\\"", "\"");
    }
}
