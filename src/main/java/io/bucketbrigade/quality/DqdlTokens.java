package io.bucketbrigade.quality;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.quality.DqdlToken.TokenType;
import java.util.List;

/** The tokens of a file, one after the other. */
final class DqdlTokens {
    private final String file;
    private final List<DqdlToken> tokens;
    private int at;

    DqdlTokens(String file, String text) {
        this.file = file;
        this.tokens = DqdlToken.of(file, text);
    }

    DqdlToken peek() {
        return tokens.get(at);
    }

    DqdlToken next() {
        DqdlToken token = peek();
        if (token.type() != TokenType.END) {
            at++;
        }
        return token;
    }

    boolean isAtEnd() {
        return peek().type() == TokenType.END;
    }

    boolean isAt(String word) {
        return peek().is(word);
    }

    boolean isAt(TokenType type) {
        return peek().type() == type;
    }

    /** Whether this is the next word; if so, it is passed. */
    boolean passed(String word) {
        boolean is = isAt(word);
        if (is) {
            at++;
        }
        return is;
    }

    /** @throws Problem if it is not the next word */
    void expect(String word) {
        if (!passed(word)) {
            throw expected(word);
        }
    }

    /** @throws Problem if the next token is of another type */
    DqdlToken expect(TokenType type, String what) {
        if (!isAt(type)) {
            throw expected(what);
        }
        return next();
    }

    Problem expected(String what) {
        return problem(peek().line(), "expected " + what + ", but there is " + peek().text());
    }

    Problem problem(int line, String what) {
        return new Problem(
                Kind.PIPELINE,
                file + ", line " + line + ": " + what + (what.endsWith("?") ? "" : "."),
                file,
                line,
                null,
                null);
    }

    int position() {
        return at;
    }

    /** What was passed since a position, on one line. */
    String since(int position) {
        StringBuilder text = new StringBuilder();
        for (DqdlToken token : tokens.subList(position, at)) {
            boolean isTight = text.isEmpty()
                    || text.charAt(text.length() - 1) == '['
                    || text.charAt(text.length() - 1) == '('
                    || token.is("]")
                    || token.is(")")
                    || token.is(",")
                    || (token.is("(") && text.toString().endsWith("now"));
            text.append(isTight ? "" : " ").append(token.text().replaceAll("\\s+", " "));
        }
        return text.toString();
    }
}
