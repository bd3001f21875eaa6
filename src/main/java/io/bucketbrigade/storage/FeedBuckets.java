package io.bucketbrigade.storage;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The buckets whose objects a caller from outside may name. */
public final class FeedBuckets {
    private final String setting;
    private final Set<String> allowed;

    /**
     * @param setting the setting they come from, for messages
     * @param buckets the buckets, with commas between; blank for all that the credentials reach
     */
    public FeedBuckets(String setting, String buckets) {
        this.setting = setting;
        this.allowed = Stream.of(buckets.split(",", -1))
                .map(String::strip)
                .filter(bucket -> !bucket.isEmpty())
                .collect(Collectors.toSet());
    }

    /**
     * An object at a bucket's root.
     *
     * @return {@code s3://bucket/key}
     * @throws Problem if the bucket can't have that name, or may not be named
     */
    public String object(String bucket, String key) {
        BucketName.check(bucket, key);
        if (!allowed.isEmpty() && !allowed.contains(bucket)) {
            throw new Problem(
                    Kind.FORBIDDEN,
                    "The bucket " + bucket + " may not be named here, so " + key + " was not looked for; " + setting
                            + " says which may.");
        }
        return new BucketName(bucket, "") + "/" + key;
    }
}
