package io.bucketbrigade.redshift;

import java.util.Locale;
import java.util.regex.Pattern;

/** What Redshift says of a statement that failed, always in the same words: it is logged and shown once for as long as nothing changes. */
public final class RedshiftError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 500;
    /** Which query and process it was, and what a row holds. */
    private static final Pattern DETAILS = Pattern.compile("\\s+Detail:.*");

    private static final Pattern REQUESTS = Pattern.compile(",\\s*(?:Ext)?Rid [^,]*");

    RedshiftError(String text) {
        super(sentence(text));
    }

    private static String sentence(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        line = DETAILS.matcher(line).replaceAll("");
        line = REQUESTS.matcher(line).replaceAll("");
        line = StagedFiles.NAME.matcher(line).replaceAll("brigade-….json.gz");
        String shown = line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
        return shown.endsWith(".") ? shown.substring(0, shown.length() - 1) : shown;
    }

    /** Whether it is about what is in a file that was to be loaded. */
    public boolean isAboutFile() {
        return String.valueOf(getMessage()).toLowerCase(Locale.ROOT).matches(".*\\bload into table .* failed.*");
    }
}
