package io.bucketbrigade.files;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a bucket, written {@code s3://bucket/prefix}.
 *
 * @param bucket the bucket
 * @param prefix what its keys begin with, without the slash that follows; blank for all
 */
public record BucketName(String bucket, String prefix) {
    /** What every such text begins with. */
    public static final String SCHEME = "s3://";
    /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /** Whether a text is meant as a place in a bucket. */
    public static boolean isMeant(String text) {
        return text.startsWith(SCHEME);
    }

    /**
     * The place in a bucket that a text names, if it doesn't name a folder.
     *
     * @throws Problem if it is meant as a bucket and can't be one
     */
    public static Optional<BucketName> find(String text) {
        if (isMeant(text)) {
            return Optional.of(parse(text));
        }
        if (text.contains("://") || text.regionMatches(true, 0, "s3:", 0, 3)) {
            throw new Problem(
                    Kind.USAGE, text + " can't be used: a folder is needed, or a bucket written s3://bucket/prefix.");
        }
        return Optional.empty();
    }

    /**
     * Reads it.
     *
     * @throws Problem if the bucket can't have that name
     */
    public static BucketName parse(String text) {
        String rest = text.substring(SCHEME.length());
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        check(bucket, text);
        return new BucketName(bucket, slash < 0 ? "" : rest.substring(slash).replaceAll("^/+|/+$", ""));
    }

    /**
     * Checks a name.
     *
     * @param place what is or will be in it, for the message
     * @throws Problem if no bucket can have it
     */
    public static void check(String bucket, String place) {
        if (!BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
            throw new Problem(
                    Kind.USAGE,
                    "'" + bucket + "' is not a valid bucket name (asked for " + place
                            + "): use 3 to 63 lowercase letters, digits, dots and hyphens.");
        }
    }

    /** The key of an object of that name below the prefix. */
    public String key(String name) {
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    @Override
    public String toString() {
        return SCHEME + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }
}
