package io.bucketbrigade.fetching;

import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that is to be fetched.
 *
 * @param name what it is called in the location that it is fetched into
 * @param address where it comes from: a URL, the path of a file on this machine, or {@code s3://bucket/key}
 */
record FetchSource(String name, String address) {
    /** A path may hold an equals sign, so what is before one is a name only if it has no slash, or if what follows is a URL. */
    private static final Pattern NAMED =
            Pattern.compile("([^=/:?#]*(?==)|[^=:?#]*(?==\\s*[A-Za-z][A-Za-z0-9+.-]+://))=(.*)", Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_. ()+-]{0,199}");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*", Pattern.DOTALL);
    private static final Pattern WEB = Pattern.compile("https?", Pattern.CASE_INSENSITIVE);
    private static final int LARGEST_PORT = 65_535;

    /**
     * Reads {@code NAME=ADDRESS}, or an address whose last part is the name.
     *
     * @throws Problem if it can't be one; the message goes on after the name of the setting, and shows no credentials
     */
    static FetchSource parse(String text) {
        Matcher named = NAMED.matcher(text);
        boolean hasName = named.matches();
        String address = hasName ? named.group(2).strip() : text;
        FetchSource unnamed = new FetchSource("", address);
        unnamed.check();
        String name = hasName ? named.group(1).strip() : unnamed.lastPart();
        if (!NAME.matcher(name).matches()) {
            throw new Problem(
                    Kind.USAGE,
                    "names " + unnamed.shown()
                            + (hasName
                                    ? " with '" + name + "' as the name of its file"
                                    : " without a name for its file")
                            + ". Write NAME.csv=" + unnamed.shown()
                            + ", where NAME begins with a letter or a digit and has no slash.");
        }
        return new FetchSource(name, address);
    }

    private void check() {
        if (address.isEmpty()) {
            throw new Problem(Kind.USAGE, "has a name without an address behind it. Write NAME.csv=https://….");
        }
        if (!hasScheme() || BucketName.isMeant(address)) {
            return;
        }
        if (!isWeb()) {
            throw new Problem(
                    Kind.USAGE,
                    "names " + shown() + "; only http:// and https://, files of this machine and s3://bucket/key can be"
                            + " fetched.");
        }
        URI url = url();
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            throw new Problem(
                    Kind.USAGE,
                    "names " + shown() + " with a user or a password, which would be shown to others. Remove them.");
        }
        if (url.getHost() == null || url.getPort() > LARGEST_PORT) {
            throw new Problem(
                    Kind.USAGE, "names " + shown() + ", which is not a URL such as https://example.org/a.csv.");
        }
    }

    /** Whether it is fetched by HTTP. */
    boolean isWeb() {
        Matcher scheme = SCHEME.matcher(address);
        return scheme.matches() && WEB.matcher(scheme.group(1)).matches();
    }

    private boolean hasScheme() {
        return SCHEME.matcher(address).matches();
    }

    /** The same; a relative path that does not exist in the working folder is meant from another one, if it exists there. */
    FetchSource orBelow(Path home) {
        if (hasScheme() || Files.exists(FilePaths.of(address))) {
            return this;
        }
        Path below = FilePaths.in(home, address);
        return Files.exists(below) ? new FetchSource(name, below.toString()) : this;
    }

    /**
     * Its address.
     *
     * @throws Problem if that is not a URL
     */
    URI url() {
        try {
            return new URI(address);
        } catch (URISyntaxException notAnAddress) {
            throw new Problem(
                    Kind.USAGE,
                    "names " + shown()
                            + ", which is not a URL. Write what a URL can't hold as escapes, such as %20 for a blank and %2C for a comma.",
                    notAnAddress);
        }
    }

    private String lastPart() {
        String path = isWeb() ? String.valueOf(url().getRawPath()) : address;
        String last = path.substring(path.lastIndexOf('/') + 1);
        try {
            return isWeb() ? URLDecoder.decode(last.replace("+", "%2B"), StandardCharsets.UTF_8) : last;
        } catch (IllegalArgumentException notEncoded) {
            return last;
        }
    }

    /** The address as people may see it: what may be secret in it is not shown. */
    String shown() {
        return shown(address);
    }

    /** An address without user, password and query. */
    static String shown(String address) {
        return SCHEME.matcher(address).matches()
                ? address.replaceFirst("^([^:]+:/*)[^/?#]*@", "$1…@").replaceFirst("[?#].*", "?…")
                : address;
    }
}
