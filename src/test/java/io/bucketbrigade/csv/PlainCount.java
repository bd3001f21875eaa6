package io.bucketbrigade.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The plain twin of {@link KeyCount}: the whole text in memory, one character after the other, no blocks. */
final class PlainCount {
    final Map<String, Long> counts = new TreeMap<>();
    final List<String> rejected = new ArrayList<>();
    long rows;

    private final String text;
    private int at;

    PlainCount(String text, int keyColumn, int columns, int dataStart) {
        this.text = text;
        this.at = dataStart;
        while (skipEmptyLines()) {
            int start = at;
            List<String> fields = new ArrayList<>();
            String problem = row(fields);
            rows++;
            if (!problem.isEmpty()) {
                rejected.add(line(start) + " " + problem);
            } else if (fields.size() != columns) {
                rejected.add(line(start) + " fields");
            } else if (fields.get(keyColumn).isBlank()) {
                rejected.add(line(start) + " blank");
            } else {
                counts.merge(fields.get(keyColumn), 1L, Long::sum);
            }
        }
    }

    private boolean skipEmptyLines() {
        while (at < text.length() && isNewline(text.charAt(at))) {
            at++;
        }
        return at < text.length();
    }

    private String row(List<String> fields) {
        String problem = "";
        while (true) {
            if (at < text.length() && text.charAt(at) == '"') {
                int close = closingQuote(at + 1);
                if (close < 0) {
                    at = text.length();
                    return "open quote";
                }
                fields.add(text.substring(at + 1, close).replace("\"\"", "\""));
                at = close + 1;
                if (!atFieldEnd()) {
                    problem = "text after quote";
                }
            } else {
                fields.add("");
            }
            int start = at;
            while (!atFieldEnd()) {
                at++;
            }
            fields.set(fields.size() - 1, fields.get(fields.size() - 1) + text.substring(start, at));
            if (at == text.length()) {
                return problem;
            }
            char separator = text.charAt(at++);
            if (separator != ',') {
                if (separator == '\r' && at < text.length() && text.charAt(at) == '\n') {
                    at++;
                }
                return problem;
            }
        }
    }

    private int closingQuote(int from) {
        int quote = text.indexOf('"', from);
        while (quote >= 0 && quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
            quote = text.indexOf('"', quote + 2);
        }
        return quote;
    }

    private boolean atFieldEnd() {
        return at == text.length() || text.charAt(at) == ',' || isNewline(text.charAt(at));
    }

    private static boolean isNewline(char c) {
        return c == '\n' || c == '\r';
    }

    /** Lines as the product counts them: LF and CRLF anywhere, CR outside quotes. Samples here have CR only outside. */
    private long line(int position) {
        String before = text.substring(0, position).replace("\r\n", "\n").replace('\r', '\n');
        return 1 + before.chars().filter(c -> c == '\n').count();
    }
}
