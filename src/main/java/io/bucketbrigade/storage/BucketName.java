package io.bucketbrigade.storage;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.regex.Pattern;

/**
 * A place in a bucket, written {@code s3://bucket/prefix}.
 *
 * @param bucket the bucket
 * @param prefix what its keys begin with, without the slash that follows; blank for all
 */
record BucketName(String bucket, String prefix) {
    static final String SCHEME = "s3://";
    /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

    /**
     * Reads it.
     *
     * @throws Problem if the bucket can't have that name
     */
    static BucketName parse(String text) {
        String rest = text.substring(SCHEME.length());
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        check(bucket, text);
        return new BucketName(bucket, slash < 0 ? "" : rest.substring(slash).replaceAll("^/+|/+$", ""));
    }

    /**
     * Checks a name.
     *
     * @param place what lies or shall lie there, for the message
     * @throws Problem if no bucket can have it
     */
    static void check(String bucket, String place) {
        if (!BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
            throw new Problem(
                    Kind.USAGE,
                    "'" + bucket + "' can't be the name of a bucket (asked for " + place
                            + "): those have 3 to 63 small letters, digits, dots and hyphens.");
        }
    }

    String key(String name) {
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    @Override
    public String toString() {
        return SCHEME + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }
}
