package io.bucketbrigade.storage;

import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;

/** The buckets whose objects a caller from outside may name. */
public final class FeedBuckets {
    private final String setting;
    private final Set<String> allowed;
    private final String key;

    /**
     * @param setting the setting they come from, for messages
     * @param buckets the buckets, separated by commas; blank for all that the credentials reach
     * @param key the object at a bucket's root that is fed
     */
    public FeedBuckets(String setting, String buckets, String key) {
        this.setting = setting;
        this.key = key;
        this.allowed = Stream.of(buckets.split(",", -1))
                .map(String::strip)
                .filter(bucket -> !bucket.isEmpty())
                .collect(Collectors.toSet());
    }

    /**
     * The object at a bucket's root.
     *
     * @return {@code s3://bucket/key}
     * @throws Problem if the bucket can't have that name, or may not be named
     */
    public String object(@Body String bucket) {
        BucketName.check(bucket, key);
        if (!allowed.isEmpty() && !allowed.contains(bucket)) {
            throw new Problem(
                    Kind.FORBIDDEN,
                    "The bucket " + bucket + " may not be named here, so " + key + " was not read; " + setting
                            + " says which may.");
        }
        return new BucketName(bucket, "") + "/" + key;
    }
}
